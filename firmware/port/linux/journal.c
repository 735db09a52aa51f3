#include "journal.h"

#include <inttypes.h>
#include <string.h>

static void put_text(FILE *file, const char *bytes, size_t len)
{
    fputc('"', file);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if (c == '\r' || c == '\n') {
            fputs(c == '\r' ? "\\r" : "\\n", file);
        } else if (c == '"' || c == '\\') {
            fprintf(file, "\\%c", c);
        } else if (c < 0x20 || c > 0x7e) {
            fprintf(file, "\\u%04x", c);
        } else {
            fputc(c, file);
        }
    }
    fputc('"', file);
}

static void put_head(struct fw_journal *journal, uint64_t now_ms, unsigned module)
{
    fprintf(journal->file, "{\"ms\":%" PRIu64 ",\"module\":%u", now_ms - journal->start_ms, module);
}

void fw_journal_bytes(struct fw_journal *journal, uint64_t now_ms, unsigned module,
                      const char *direction, const void *bytes, size_t len)
{
    if (journal->file == NULL || len == 0) {
        return;
    }
    put_head(journal, now_ms, module);
    fprintf(journal->file, ",\"dir\":\"%s\",\"bytes\":", direction);
    put_text(journal->file, bytes, len);
    fputs("}\n", journal->file);
    fflush(journal->file);
}

void fw_journal_event(struct fw_journal *journal, uint64_t now_ms, unsigned module,
                      const char *subject, const char *text)
{
    if (journal->file == NULL) {
        return;
    }
    put_head(journal, now_ms, module);
    fputs(",\"event\":", journal->file);
    put_text(journal->file, subject, strlen(subject));
    fputs(",\"text\":", journal->file);
    put_text(journal->file, text, strlen(text));
    fputs("}\n", journal->file);
    fflush(journal->file);
}
