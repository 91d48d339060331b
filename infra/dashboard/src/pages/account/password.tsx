import { useState } from "react";
import { AuthFailure } from "../../auth";
import { Button } from "../../kit/button";
import { Card } from "../../kit/card";
import { Notice } from "../../kit/notice";
import { toast } from "../../kit/toasts";
import { Failed, isStrong, Password, useStep } from "../auth/parts";
import { useAccountText } from "./words";

/** Changes the password, by the present one. */
export function ChangePassword({ email }: { email: string }) {
  const text = useAccountText();
  const [before, setBefore] = useState("");
  const [after, setAfter] = useState("");
  const { busy, failed, run, forget } = useStep();
  const change = run(async () => {
    if (!isStrong(after)) throw new AuthFailure("weakPassword");
    const { changePassword } = await import("../../auth/cognito-steps");
    await changePassword(before, after);
    setBefore("");
    setAfter("");
    toast(text.passwordChanged);
  });
  return (
    <Card title={text.password} lead={text.passwordLead}>
      <form className="grid max-w-2xl gap-5" onSubmit={(event) => (before && after ? change(event) : event.preventDefault())} onInput={forget}>
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <div className="grid items-start gap-5 sm:grid-cols-2">
          <Password label={text.oldPassword} value={before} onChange={setBefore} />
          <Password label={text.newPassword} value={after} onChange={setAfter} fresh />
        </div>
        {failed === "wrong" ? (
          <Notice tone="bad" live>
            {text.passwordWrong}
          </Notice>
        ) : (
          <Failed code={failed} />
        )}
        <div>
          <Button type="submit" busy={busy} why={before && after ? undefined : text.passwordFirst}>
            {text.changePassword}
          </Button>
        </div>
      </form>
    </Card>
  );
}
