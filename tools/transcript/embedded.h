/* The transcripts that a program has built in; embed.py makes the source. */
#ifndef EMBEDDED_H
#define EMBEDDED_H

#include <stddef.h>

struct transcript_file {
    const char *path; /* its name, "cipsend.at" */
    const char *text;
};

extern const struct transcript_file transcript_files[];
extern const size_t transcript_file_count;

#endif
