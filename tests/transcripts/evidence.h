/* What the transcripts hold: every command line that a host sends in them, and how it ended. */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "table.h"

enum final {
    FINAL_NONE, /* no result follows before the next line of the host */
    FINAL_OK,   /* also `OK` and a prompt */
    FINAL_ERROR,
    FINAL_FORMAT,
    FINAL_PARSE,
};

/* One line, taken apart as the firmware would. */
struct use {
    const char *file;
    int line;
    char text[AT_LINE_MAX];       /* without CR LF */
    char name[AT_LINE_MAX];       /* behind "AT+"; "" of AT itself */
    const struct fw_command *row; /* NULL: no row has that name */
    unsigned form;                /* of enum at_form; 0: none */
    const char *params;           /* in text, behind the = of a set form */
    bool multiple;                /* AT+CIPMUX=1 was in force, */
    bool extensions;              /* and the extensions were on */
    enum final final;
};

#define EVIDENCE_MAX 4096

struct evidence {
    struct use uses[EVIDENCE_MAX];
    size_t count;
};

/* Adds the lines of one transcript; path has to live on. */
void evidence_read(struct evidence *evidence, const char *path);

/* --- parameters of a line --- */

/* One parameter as it stands on the line, with its quotes and escapes. */
struct piece {
    const char *at;
    size_t len;
};

#define PIECES_MAX (AT_PARAMS_MAX + 2)

/* Splits at the commas outside of quotes; how many pieces. */
size_t pieces_split(const char *params, struct piece pieces[PIECES_MAX]);

/* The bytes that a piece stands for: without its quotes and escapes. Returns their number. */
size_t piece_text(const struct piece *piece, char text[AT_LINE_MAX]);

bool evidence_takes_parameter(const struct fw_arg *arg, bool multiple);

/* The rules behind the word or number that the piece is; NULL: none. */
const struct fw_schema *evidence_rest(const struct fw_arg *arg, const struct piece *piece);

/* A rule that takes a parameter, and which piece of the line that is; -1: the line has ended. */
struct spot {
    const struct fw_schema *schema;
    const struct fw_arg *arg;
    int piece;
};

#define SPOTS_MAX 32

/* The rules that apply to these pieces, in order; the words that choose rules are followed. */
size_t spots_find(const struct fw_schema *schema, bool multiple, const struct piece *pieces,
                  size_t count, struct spot spots[SPOTS_MAX]);

/* Whether the firmware's own reader takes the parameters. */
bool params_are_accepted(const char *params, const struct fw_schema *schema, bool multiple);

#endif
