"""What a page sends arrives whole and in its order, where one of its fragments runs right after it.

Streamlit then takes back what it has not yet sent of that fragment, but not what stands behind it; and where the page's
run has just ended, it forgets what that run has said and nobody has yet passed on. Either way the browser gets an
element whose place does not exist, and the page stays blank until it is loaded again: of pages that were opened ten at
once and pressed meanwhile, 1 in 20. That needs Streamlit's private names, here only.
"""

from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner

_clear = ForwardMsgQueue.clear
_create_runner = AppSession._create_scriptrunner


def wait_for_pages() -> None:
    """Have fragments take nothing back. To be called before anything is served."""
    ForwardMsgQueue.clear = clear_for_a_page  # type: ignore[assignment, method-assign]
    AppSession._create_scriptrunner = create_runner_later  # type: ignore[assignment, method-assign]


def clear_for_a_page(
    queue: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
) -> None:
    """Take back what has not been sent, where a whole page will send it again."""
    if fragment_ids_this_run is None:
        _clear(queue, retain_lifecycle_msgs)
    else:
        queue._delta_index_map = {}  # what comes now does not take the place of what an earlier run has said


def create_runner_later(session: AppSession, asked: RerunData) -> None:
    """Begin to run what was asked, once all has been passed on that the runner before has said."""
    before = session._scriptrunner
    if before is None:
        _create_runner(session, asked)
    else:
        session._event_loop.call_soon_threadsafe(run, session, asked, before)


def run(session: AppSession, asked: RerunData, before: ScriptRunner) -> None:
    """Run what was asked in a new runner, or in one that was made meanwhile."""
    now = session._scriptrunner
    if session._state == AppSessionState.SHUTDOWN_REQUESTED:
        return
    if now is None or now is before:
        _create_runner(session, asked)
    elif not now.request_rerun(asked):
        create_runner_later(session, asked)
