/* The main program of a Check suite. */
#ifndef SUITE_H
#define SUITE_H

#include <check.h>
#include <stdlib.h>

static inline int run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* A main that runs the suite that make returns. */
#define SUITE_MAIN(make)                                                                           \
    int main(void)                                                                                 \
    {                                                                                              \
        return run_suite(make());                                                                  \
    }

#endif
