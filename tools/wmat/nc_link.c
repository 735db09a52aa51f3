#include "nc_link.h"

#define PIECE_BYTES    (4 * 5760) /* of one call; AT+CIPSEND takes 5760 at a time */
#define DATAGRAM_BYTES 1472       /* more travels in fragments */

/* A link of datagrams has a peer from the start. This one, before anybody has sent something, is
 * sent nothing. */
#define NOBODY      "255.255.255.255"
#define NOBODY_PORT 9

/* How many bytes of the input make a datagram. */
static size_t datagram_size(struct wm_device *dev)
{
    struct wm_profile profile;

    if (wm_profile(dev, &profile) < 0 || profile.datagram_max > DATAGRAM_BYTES)
        return DATAGRAM_BYTES;
    return profile.datagram_max;
}

static int prepare_tcp(struct nc_link *link, struct wm_op *op)
{
    link->how.tcp =
        (struct wm_tcp_options){.host = link->options->host, .port = link->options->port};
    return wm_tcp_connect_prepare(op, &link->how.tcp);
}

static int prepare_tls(struct nc_link *link, struct wm_op *op)
{
    link->how.tls = (struct wm_tls_options){
        .host = link->options->host, .port = link->options->port, .tls = link->options->tls};
    return wm_tls_connect_prepare(op, &link->how.tls);
}

static int prepare_udp(struct nc_link *link, struct wm_op *op)
{
    const struct nc_options *options = link->options;

    if (options->listen)
        link->how.udp = (struct wm_udp_options){.host = NOBODY,
                                                .port = NOBODY_PORT,
                                                .local_port = options->port,
                                                .peer = WM_UDP_PEER_FIRST};
    else
        link->how.udp = (struct wm_udp_options){.host = options->host, .port = options->port};
    return wm_udp_open_prepare(op, &link->how.udp);
}

static int prepare_stream(struct nc_link *link, struct wm_op *op)
{
    static const enum wm_stream_kind kinds[] = {
        [NC_TCP] = WM_STREAM_TCP, [NC_UDP] = WM_STREAM_UDP, [NC_TLS] = WM_STREAM_TLS};
    const struct nc_options *options = link->options;

    link->how.stream = (struct wm_stream_options){.kind = kinds[options->kind],
                                                  .host = options->host,
                                                  .port = options->port,
                                                  .tls = options->tls};
    return wm_stream_open_prepare(op, &link->how.stream);
}

static int start_server(struct nc_link *link, struct job *job)
{
    const struct nc_options *options = link->options;
    int err;

    link->how.server = (struct wm_server_options){.port = options->port,
                                                  .tls = options->kind == NC_TLS,
                                                  .verify_clients = options->verify_clients,
                                                  .max_clients = options->keep ? 0 : 1};
    err = wm_server_start_prepare(&job->op, &link->how.server);
    if (err == 0)
        err = job_run(job, link->cli->timeout_ms);
    if (err < 0)
        return err;
    link->serving = true;
    cli_note(link->cli, "listening on port %u", options->port);
    return 0;
}

/* Without keep there is one client, and later ones are refused; with it they wait in line. */
static int accept_client(struct nc_link *link, struct job *job)
{
    int err = link->serving ? 0 : start_server(link, job);

    if (err == 0)
        err = wm_accept_prepare(&job->op);
    if (err == 0)
        err = job_run(job, link->cli->timeout_ms ? link->cli->timeout_ms : WM_FOREVER);
    if (err < 0)
        return err;
    link->handle = err;
    if (!link->options->keep) {
        wm_server_stop(link->dev, false, 0);
        link->serving = false;
    }
    return 0;
}

static int connect_peer(struct nc_link *link, struct job *job)
{
    static int (*const prepare[])(struct nc_link *, struct wm_op *) = {
        [NC_TCP] = prepare_tcp, [NC_UDP] = prepare_udp, [NC_TLS] = prepare_tls};
    const struct nc_options *options = link->options;
    int err = (options->stream ? prepare_stream : prepare[options->kind])(link, &job->op);

    if (err == 0)
        err = job_run(job, link->cli->timeout_ms);
    if (err < 0)
        return err;
    link->handle = err;
    if (options->listen)
        cli_note(link->cli, "listening on port %u", options->port);
    return 0;
}

int nc_link_open(struct nc_link *link, struct job *job)
{
    const struct nc_options *options = link->options;

    link->piece_size = options->kind == NC_UDP ? datagram_size(link->dev) : PIECE_BYTES;
    if (options->listen && options->kind != NC_UDP)
        return accept_client(link, job);
    return connect_peer(link, job);
}

int nc_link_send(const struct nc_link *link, struct job *job, const void *bytes, size_t len)
{
    const uint32_t timeout_ms = link->cli->timeout_ms ? link->cli->timeout_ms : WM_FOREVER;
    int err = link->options->stream ? wm_stream_write_prepare(&job->op, link->handle, bytes, len)
                                    : wm_send_prepare(&job->op, link->handle, bytes, len);

    if (err == 0)
        err = job_run(job, timeout_ms);
    return err < 0 ? err : 0;
}

/* One that found no room is told, and no reason to end: datagrams may always get lost. */
static int receive_datagram(const struct nc_link *link, struct job *job, void *buffer, size_t cap)
{
    struct wm_datagram from;
    int n;

    do {
        from = (struct wm_datagram){0};
        n = wm_recvfrom_prepare(&job->op, link->handle, buffer, cap, &from);
        if (n == 0)
            n = job_run(job, WM_FOREVER);
        if (n == WM_ERR_NOMEM && from.dropped > 0)
            cli_note(link->cli, "%u datagrams found no room", from.dropped);
    } while (n == WM_ERR_NOMEM && from.dropped > 0);
    return n;
}

int nc_link_receive(const struct nc_link *link, struct job *job, void *buffer, size_t cap)
{
    int n;

    if (link->options->stream)
        n = wm_stream_read_prepare(&job->op, link->handle, buffer, cap);
    else if (link->options->kind == NC_UDP)
        return receive_datagram(link, job, buffer, cap);
    else
        n = wm_recv_prepare(&job->op, link->handle, buffer, cap);
    return n < 0 ? n : job_run(job, WM_FOREVER);
}

void nc_link_hang_up(struct nc_link *link)
{
    if (link->handle < 0)
        return;
    if (link->options->stream)
        wm_stream_close(link->dev, link->handle, 0);
    else
        wm_link_close(link->dev, link->handle, 0);
    link->handle = -1;
}

void nc_link_close(struct nc_link *link)
{
    nc_link_hang_up(link);
    if (link->serving)
        wm_server_stop(link->dev, true, 0);
    link->serving = false;
}

static const char *advice(const struct nc_options *options, int err)
{
    if (err == WM_ERR_ARG)
        return "a host has 1 to 64 characters and no line end; so has a name; ALPN names have room "
               "for 230 bytes";
    if (err == WM_ERR_STATE && options->kind == NC_TLS)
        return "certificates are dated: `wmat time` sets the module's clock; --insecure trusts "
               "anybody";
    if (err != WM_ERR_DEVICE)
        return NULL;
    if (options->listen)
        return "is the module joined (`wmat status`), and the port free? TLS needs a certificate "
               "in the module";
    if (options->kind == NC_TLS)
        return "does something listen there that proves to be what --ca and --sni say? Is the "
               "module joined (`wmat status`)?";
    return "does something listen there, and is the module joined (`wmat status`)?";
}

int nc_link_failed(const struct nc_link *link, int err)
{
    const struct nc_options *options = link->options;

    if (options->listen)
        return cli_fail(link->cli, link->dev, err, advice(options, err), "can't listen on port %u",
                        options->port);
    return cli_fail(link->cli, link->dev, err, advice(options, err), "can't connect to %s port %u",
                    options->host, options->port);
}
