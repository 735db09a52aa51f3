/* The page around the data of a timeline, made from trace_page.html: its lines, NULL behind the
 * last. */
#ifndef TRACE_HTML_H
#define TRACE_HTML_H

extern const char *const trace_page_head[];
extern const char *const trace_page_tail[];

#endif
