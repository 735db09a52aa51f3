#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* Length of the well-formed UTF-8 sequence at bytes (Unicode 15, table 3-7), 0 when there is none.
 */
static size_t utf8_length(const unsigned char *bytes, size_t len)
{
    static const struct {
        unsigned char first, last, low, high, length;
    } rows[] = {
        {0x01, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (bytes[0] < rows[i].first || bytes[0] > rows[i].last || len < rows[i].length)
            continue;
        if (rows[i].length > 1 && (bytes[1] < rows[i].low || bytes[1] > rows[i].high))
            continue;
        for (size_t k = 2; k < rows[i].length; k++)
            if ((bytes[k] & 0xc0) != 0x80)
                return 0;
        return rows[i].length;
    }
    return 0;
}

cJSON *record_bytes(const char *bytes, size_t len)
{
    char *text = malloc(len * strlen(REPLACEMENT) + 1);
    size_t used = 0;
    cJSON *string;

    if (text == NULL)
        return NULL;
    for (size_t i = 0; i < len;) {
        size_t n = utf8_length((const unsigned char *)bytes + i, len - i);

        memcpy(text + used, n ? bytes + i : REPLACEMENT, n ? n : strlen(REPLACEMENT));
        used += n ? n : strlen(REPLACEMENT);
        i += n ? n : 1;
    }
    text[used] = '\0';
    string = cJSON_CreateString(text);
    free(text);
    return string;
}

void record_add(cJSON *record, const char *name, const char *text)
{
    if (*text != '\0')
        cJSON_AddItemToObject(record, name, record_bytes(text, strlen(text)));
}

void print_padded(const char *text, int width)
{
    int column = 0;

    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;

        if (byte < 0x20 || byte == 0x7f)
            column += printf("\\x%02x", byte);
        else
            putchar(byte);
        column += byte >= 0x20 && byte != 0x7f && (byte & 0xc0) != 0x80;
    }
    for (; column < width; column++)
        putchar(' ');
}

#define NAMES_WIDTH 16 /* of the column of names, at least */

static int names_width(const cJSON *record)
{
    const cJSON *value;
    size_t width = NAMES_WIDTH;

    cJSON_ArrayForEach(value, record)
    {
        if (strlen(value->string) + 2 > width)
            width = strlen(value->string) + 2;
    }
    return (int)width;
}

static void print_name(const char *name, int width)
{
    char text[32];
    size_t i;

    for (i = 0; name[i] != '\0' && i < sizeof text - 1; i++)
        text[i] = name[i] == '_' ? ' ' : name[i];
    text[i] = '\0';
    print_padded(text, width);
}

static void print_value(const cJSON *value)
{
    const cJSON *item;

    if (cJSON_IsString(value))
        print_padded(value->valuestring, 0);
    else if (cJSON_IsNumber(value))
        printf("%g", value->valuedouble);
    else if (cJSON_IsBool(value))
        fputs(cJSON_IsTrue(value) ? "yes" : "no", stdout);
    else
        cJSON_ArrayForEach(item, value)
        {
            print_value(item);
            fputs(item->next ? " " : "", stdout);
        }
}

static void print_line(const cJSON *value, const char *name, int width)
{
    print_name(name, width);
    print_value(value);
    putchar('\n');
}

static void print_text(const cJSON *record)
{
    const cJSON *value;
    const cJSON *item;
    int width = names_width(record);

    cJSON_ArrayForEach(value, record)
    {
        if (!cJSON_IsArray(value)) {
            print_line(value, value->string, width);
            continue;
        }
        cJSON_ArrayForEach(item, value)
        {
            print_line(item, value->string, width);
        }
    }
}

void record_print_json(cJSON *record)
{
    char *text = cJSON_PrintUnformatted(record);

    if (text != NULL)
        puts(text);
    cJSON_free(text);
    cJSON_Delete(record);
}

void record_print(const struct cli *cli, cJSON *record)
{
    if (cli->json) {
        record_print_json(record);
        return;
    }
    print_text(record);
    cJSON_Delete(record);
}
