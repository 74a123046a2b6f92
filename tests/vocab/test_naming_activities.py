"""Reports, blocks and moves as peers write them: what they are about is read as ids, whatever is embedded."""

import orjson
import pytest

from fediverse_ehrenamt.kit.errors import Malformed
from fediverse_ehrenamt.vocab import activities, codec
from fediverse_ehrenamt.vocab.types import Block, Create, Flag, Move, Note, Undo, Unsupported
from tests.vocab import samples


def test_a_report_names_the_account_and_what_it_wrote() -> None:
    flag = codec.parse_activity(samples.read("mastodon/activities_flag.json"))
    assert isinstance(flag, Flag)
    posts = ("https://example.com/posts/380590", "https://example.com/posts/380591")
    assert flag.objects == ("https://example.com/users/1", *posts)
    assert flag.object == flag.objects[0]
    assert flag.content == "Please take a look at this user and their posts"


def test_lemmy_gives_its_reason_as_summary() -> None:
    flag = codec.parse_activity(samples.read("lemmy/activities_community_report_page.json"))
    assert isinstance(flag, Flag)
    assert flag.content == "report this post"
    assert flag.objects == (flag.object,) == ("http://enterprise.lemmy.ml/post/7",)


def test_a_report_is_bounded_and_embedded_things_count_as_their_ids() -> None:
    about = [{"id": f"https://a.example/{number}", "type": "Note"} for number in range(300)]
    flag = {"type": "Flag", "actor": "https://a.example/u", "content": "x\u0000y\nz" * 9_000, "object": about}
    read = codec.parse_activity(orjson.dumps(flag))
    assert isinstance(read, Flag)
    assert len(read.objects) == 100
    assert read.objects[0] == "https://a.example/0"
    assert len(read.content) == activities.MAX_REPORT
    assert read.content.startswith("xy\nz")


def test_a_block_and_its_end() -> None:
    block = codec.parse_activity(samples.read("mastodon/plr-mastodon-block-activity.json"))
    assert isinstance(block, Block)
    assert block.object == "http://localtesting.pleroma.lol/users/lain"
    undo = codec.parse_activity(samples.read("mastodon/plr-mastodon-unblock-activity.json"))
    assert isinstance(undo, Undo)
    assert isinstance(undo.object, Block)
    assert undo.object.object == block.object


@pytest.mark.parametrize("name", ["synthetic/move-actor.json", "fep/fep-7628-example-01.json"])
def test_a_move_names_old_and_new(name: str) -> None:
    move = codec.parse_activity(samples.read(name))
    assert isinstance(move, Move)
    assert move.object == move.actor
    assert move.target
    assert move.target != move.object


@pytest.mark.parametrize("kind", ["Block", "Flag", "Move"])
def test_without_an_object_there_is_none(kind: str) -> None:
    with pytest.raises(Malformed):
        codec.parse_activity(orjson.dumps({"type": kind, "actor": "https://a.example/u", "object": [{}, "x"]}))


def test_a_chat_message_is_a_note() -> None:
    create = codec.parse_activity(samples.read("lemmy/activities_create_or_update_create_private_message_0.19.json"))
    assert isinstance(create, Create)
    assert isinstance(create.object, Note)
    assert not create.object.public
    assert create.object.content.strip() == "<p>hi!</p>"


def test_an_outline_tells_what_a_note_answers() -> None:
    outline = codec.parse_outline(samples.read("mastodon/activities_create_note.json")).activity
    assert isinstance(outline, Create)
    assert isinstance(outline.object, Unsupported)
    assert outline.object.in_reply_to == "https://mamot.fr/users/retiolus/statuses/107224244380204526"
    assert outline.object.attributed_to == ""
