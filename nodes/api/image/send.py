"""Save Image Websocket."""

from __future__ import annotations

from safelight import Context, Image, node


@node(
    "SaveImageWebsocket",
    category="api/image",
    title="Send Image to Client",
    aliases=("api", "socket", "websocket", "stream"),
    effect=True,
    cached=False,
    lane="io",
)
def send_image(ctx: Context, *, images: Image) -> None:
    """Send pictures as PNG over the socket of the program that asked for the run. Nothing is kept on disk."""
    from safelight import diffusion

    for done, picture in enumerate(images, start=1):
        ctx.send(diffusion.picture.encoded(picture))
        ctx.progress(done, len(images))
