/* Ctrl-C and its like, for a command that has to tidy up first. */
#ifndef INTERRUPT_H
#define INTERRUPT_H

/* From now on SIGINT, SIGTERM and SIGHUP make the returned descriptor readable for good, and
 * writing to a pipe that nobody reads is an error and no signal. -1 where there is no descriptor
 * left. */
int interrupt_catch(void);

/* The number of the signal that came, 0 when none did. */
int interrupt_signal(void);

#endif
