/* The names of the commands, the forms that the specification gives them, and their chapter. */
#ifndef AT_COMMAND_H
#define AT_COMMAND_H

/* The four forms of a command (framework, "Line and command grammar"). */
enum at_form {
    AT_T = 1, /* test, AT+X=? */
    AT_Q = 2, /* query, AT+X? */
    AT_S = 4, /* set, AT+X=... */
    AT_E = 8, /* execute, AT+X */
};

enum at_chapter { AT_CHAPTER_SYSTEM, AT_CHAPTER_WIFI, AT_CHAPTER_TCPIP };

enum at_command {
#define AT_COMMAND(id, name, forms, chapter) AT_CMD_##id,
#include "at_command.def"
#undef AT_COMMAND
    AT_COMMAND_COUNT
};

/* The name of each, without "AT+"; "" for AT itself: at_name_CIPSEND. Objects of their own: a
 * program that uses no more than these and not the functions below has the names that it uses. */
#define AT_COMMAND(id, name, forms, chapter) extern const char at_name_##id[];
#include "at_command.def"
#undef AT_COMMAND

/* The same for any command. Static storage. */
const char *at_command_name(enum at_command command);

/* The forms that the specification describes, a set of enum at_form. */
unsigned at_command_forms(enum at_command command);

enum at_chapter at_command_chapter(enum at_command command);

#endif
