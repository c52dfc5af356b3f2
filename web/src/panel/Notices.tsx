import { useJobs } from "../store/job";
import { dismiss, useNotices } from "../store/notice";
import { text } from "../text";
import { Icon } from "./Icon";

/** Short words that come and go, and whether the server is there. */
export function Notices() {
  const notices = useNotices((state) => state.notices);
  const online = useJobs((state) => state.online);
  return (
    <div className="notices" role="status" aria-live="polite">
      {online === false && (
        <p className="notice" data-kind="problem">
          {text.server.offline}
        </p>
      )}
      {notices.map((notice) => (
        <p key={notice.id} className="notice" data-kind={notice.kind}>
          {notice.words}
          <button type="button" aria-label={text.close} onClick={() => dismiss(notice.id)}>
            <Icon name="close" />
          </button>
        </p>
      ))}
    </div>
  );
}
