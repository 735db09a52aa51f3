/* A module that answers whatever the driver says, for the programs that are counted. */
#ifndef ANSWERS_H
#define ANSWERS_H

/* The answer to a command line, without its CR LF; "" for an empty line and for +++. */
const char *answer_to(const char *line);

#endif
