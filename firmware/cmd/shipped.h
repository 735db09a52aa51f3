/* What a shipping module takes where its manual says otherwise: sections 11 and 12 of the page on
 * what it does, as rows beside those of table.h. */
#ifndef FW_SHIPPED_H
#define FW_SHIPPED_H

#include "at_command.h"
#include "module.h"

struct fw_rules {
    struct fw_schema schema;
    struct fw_demand demand;
};

struct fw_shipped {
    /* Of the set form, in single and in multiple connection mode; NULL: the row's in table.h. */
    const struct fw_rules *rules[2];
    bool plain[2];  /* in those modes AT+X alone is the set form without parameters */
    bool no_test;   /* there is no AT+X=? */
    bool any_form;  /* OK whatever stands behind the name */
    bool set_parse; /* the set form that it lacks is CMD PARSE ERR */
};

const struct fw_shipped *fw_shipped_row(enum at_command id);

/* Commands that exist, and whose forms are ERROR but for an empty usage text. */
bool fw_shipped_refuses(const char *name, size_t len);

#endif
