import type { TestResult } from "../../api/integrations/integrations";
import { Notice } from "../../kit/notice";
import { useIntegrationsText } from "./words";

/** What became of a test. */
export function Result({ result }: { result: TestResult }) {
  const { test: text, classes } = useIntegrationsText();
  const { ok, status, latency_ms, class: failure } = result;
  return (
    <div role="status">
      <Notice tone={ok ? "good" : "bad"} title={ok ? text.arrived : text.failed}>
        {failure && <p>{classes[failure]}</p>}
        <p className="tabular-nums">
          {status == null ? text.noAnswer : text.answer(status)} {text.took(latency_ms)}
        </p>
      </Notice>
    </div>
  );
}
