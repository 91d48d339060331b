import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "../../kit/button";
import { Entrance } from "../../shell/entrance";
import { useText } from "../../text";
import { Code, Failed, useStep } from "./parts";

export function TwoStep() {
  const t = useText();
  const { next = "/" } = useSearch({ from: "/two-step" });
  const navigate = useNavigate();
  const [code, setCode] = useState("");
  const { busy, failed, run } = useStep();
  const enter = run(async () => {
    const { enterCode } = await import("../../auth/cognito-steps");
    if ((await enterCode(code)) === "done") await navigate({ href: next, replace: true });
  });
  return (
    <Entrance
      title={t.auth.twoStep}
      lead={t.auth.twoStepLead}
      foot={
        <Link to="/sign-in" search={{ next }} className="text-accent underline-offset-4 hover:underline">
          {t.auth.back}
        </Link>
      }
    >
      <form className="grid gap-4" onSubmit={enter}>
        <Code value={code} onChange={setCode} />
        <Failed code={failed} />
        <Button type="submit" look="primary" busy={busy}>
          {t.auth.send}
        </Button>
      </form>
    </Entrance>
  );
}
