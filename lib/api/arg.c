#include "arg.h"

bool arg_text(const char *text, size_t min, size_t max)
{
    size_t len = 0;
    if (!text)
        return false;
    for (; text[len]; len++) {
        if (len == max || (unsigned char)text[len] < ' ' || text[len] == 0x7f)
            return false;
    }
    return len >= min;
}
