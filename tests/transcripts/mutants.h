/* Mutants: small changes of the tables, each a patch of a few bytes, in a list that names them. */
#ifndef MUTANTS_H
#define MUTANTS_H

#include <stddef.h>

/* How the names of those begin that only the dialect of the shipping module shows. */
#define MUTANT_W800 "w800 "

struct mutant {
    char name[96]; /* "CIPSTART/2/TCP/3 max+1" */
    void *at;      /* what changes: read-only memory, too */
    size_t len;
    unsigned char bytes[sizeof(void *)];
};

struct mutants {
    struct mutant *list;
    size_t count;
};

/* All of them. */
void mutants_list(struct mutants *mutants);

/* Makes the change in this process; there is no way back. */
void mutant_apply(const struct mutant *mutant);

#endif
