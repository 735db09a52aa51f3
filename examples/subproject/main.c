/* hello-w800 PORT: says which module answers there, by its hardware address. */
#include <stdio.h>

#include <wmat/address.h>
#include <wmat/wmat.h>

int main(int argc, char **argv)
{
    char words[200];
    struct wm_device *dev;
    struct wm_addresses addresses;
    if (argc != 2) {
        fprintf(stderr, "usage: hello-w800 PORT\n");
        return 2;
    }
    struct wm_config config = {.port = argv[1], .detail = words, .detail_size = sizeof words};
    if (wm_open(&dev, &config) < 0) {
        fprintf(stderr, "%s: %s\n", argv[1], words);
        return 1;
    }
    int err = wm_addresses(dev, &addresses, 0);
    if (err == 0)
        printf("hello, %s, from driver %s\n", addresses.station_mac, wm_version());
    else
        fprintf(stderr, "%s: %s\n", argv[1], wm_err_text(err));
    wm_close(dev);
    return err < 0;
}
