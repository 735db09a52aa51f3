/* The smallest program: is the library that was compiled against the one that runs? */
#include <stdio.h>
#include <string.h>

#include <wmat/wmat.h>

int main(void)
{
    struct wm_device *dev;
    struct wm_config config = {.port = "/dev/ttyNONE99"};
    int err = wm_open(&dev, &config);

    printf("%s %s\n", wm_version(), wm_err_name(err));
    return err == WM_ERR_IO && strcmp(wm_version(), WMAT_VERSION) == 0 ? 0 : 1;
}
