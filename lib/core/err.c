#include <wmat/err.h>

#include <stddef.h>

static const struct {
    const char *name;
    const char *text;
} errors[] = {
#define WM_ERROR_ROW(name, value, text) [-(value)] = {"WM_ERR_" #name, text},
    WM_ERROR_LIST(WM_ERROR_ROW)
#undef WM_ERROR_ROW
};

static int row_of(int err)
{
    return err < 0 && err > -(int)(sizeof errors / sizeof errors[0]) ? -err : 0;
}

const char *wm_err_name(int err)
{
    if (err >= 0)
        return "WM_OK";
    const char *name = errors[row_of(err)].name;
    return name ? name : "WM_ERR_?";
}

const char *wm_err_text(int err)
{
    if (err >= 0)
        return "done";
    const char *text = errors[row_of(err)].text;
    return text ? text : "unknown error";
}
