/* What has to be held, by the table of commands: every form of every command, every rule of every
 * parameter. A rule that several words share (a stream's, behind "TCP" and "SSL") is one rule. */
#ifndef OBLIGATIONS_H
#define OBLIGATIONS_H

#include "evidence.h"

/* How the parameter of a rule has to look. */
enum shape {
    SHAPE_FORM,     /* of the command as a whole */
    SHAPE_NUMBER,   /* this number */
    SHAPE_LENGTH,   /* a text of so many bytes */
    SHAPE_TEXT,     /* this text, whether in quotes or not */
    SHAPE_ABSENT,   /* omitted */
    SHAPE_GIVEN,    /* anything */
    SHAPE_BAD,      /* a text in quotes, not empty, that is none of this kind */
    SHAPE_IPV4,     /* such an address */
    SHAPE_IPV6,     /* such an address */
    SHAPE_ODD,      /* an odd number of hex digits */
    SHAPE_TOO_MANY, /* one parameter more than the rules have */
};

struct demand {
    enum shape shape;
    enum final final; /* FINAL_OK or FINAL_PARSE; of a form FINAL_OK or FINAL_ERROR */
    long long number;
    const char *text; /* SHAPE_TEXT */
};

#define WORDS_DEEP 3

struct obligation {
    const char *name; /* of the command, "" for AT */
    const struct fw_command *row;
    unsigned form;
    bool extensions;                          /* what AT+CIPSENDL and its like need to be there */
    const struct fw_word *words[WORDS_DEEP];  /* that lead to the rule */
    const struct fw_arg *choices[WORDS_DEEP]; /* whose words they are */
    const struct fw_schema *schema;
    const struct fw_arg *arg;
    unsigned position; /* of the parameter, the link id counted */
    struct demand demand;
};

#define OBLIGATIONS_MAX 4096

struct obligations {
    struct obligation list[OBLIGATIONS_MAX];
    size_t count;
};

void obligations_list(struct obligations *obligations);

bool obligation_is_held(const struct obligation *obligation, const struct use *use);

#define VALUE_MAX (AT_LINE_MAX + 8) /* a value longer than a line can have, in quotes */

/* A value that the rule accepts, as it stands on the line; valid as long as text is. */
const char *obligation_sample(const struct fw_arg *arg, char text[VALUE_MAX]);

/* For people: the form, the parameter, what of it. */
const char *obligation_form(const struct obligation *obligation);
void obligation_parameter(const struct obligation *obligation, char text[256]);
void obligation_what(const struct obligation *obligation, char text[128]);

/* A line that would hold it, "AT+X=...", and the result it must have. */
void obligation_line(const struct obligation *obligation, char text[2 * AT_LINE_MAX]);
const char *obligation_result(const struct obligation *obligation);

#endif
