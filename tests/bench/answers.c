#include "answers.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *command, *answer;
} answers[] = {
    {"AT+CIPMUX?", "+CIPMUX:1\r\nOK\r\n"},
    {"AT+CIPSEND=", "OK\r\n>\r\n"},
    {"AT+CIPSTART=0,", "0,CONNECT\r\nOK\r\n"},
    {"AT+CWSTATE?", "+CWSTATE:2,\"wmat\"\r\nOK\r\n"},
    {"AT", "OK\r\n"},
};

const char *answer_to(const char *line)
{
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        if (strncmp(line, answers[i].command, strlen(answers[i].command)) == 0)
            return answers[i].answer;
    }
    return "";
}
