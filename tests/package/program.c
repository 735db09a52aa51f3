/* The smallest program: is the library that was compiled against the one that runs? */
#include <stdio.h>
#include <string.h>

#include <wmat/wmat.h>

int main(void)
{
    struct wm_device *dev;
    struct wm_config config = {.port = "/dev/ttyNONE99"};
    char of_headers[32];
    int err = wm_open(&dev, &config);

    printf("%s %s\n", wm_version(), wm_err_name(err));
    snprintf(of_headers, sizeof of_headers, "%d.%d.%d", WM_VERSION_MAJOR, WM_VERSION_MINOR,
             WM_VERSION_PATCH);
    return err == WM_ERR_IO && strcmp(wm_version(), WMAT_VERSION) == 0 &&
                   strcmp(of_headers, WMAT_VERSION) == 0
               ? 0
               : 1;
}
