import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { customer } from "../../auth";
import { config } from "../../config";
import { Button } from "../../kit/button";
import { Checkbox } from "../../kit/field";
import { Entrance } from "../../shell/entrance";
import { useText } from "../../text";
import { Email, Failed, Password, useStep } from "./parts";

export function SignIn() {
  return config().identity.kind === "cognito" ? <WithPassword /> : <WithProvider />;
}

function WithPassword() {
  const t = useText();
  const { next = "/", email: given = "" } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const [email, setEmail] = useState(given);
  const [password, setPassword] = useState("");
  const [stay, setStay] = useState(false);
  const { busy, failed, run } = useStep();
  const enter = run(async () => {
    const { enter } = await import("../../auth/cognito-steps");
    const step = await enter(email.trim(), password, stay);
    if (step === "done") await navigate({ href: next, replace: true });
    else if (step === "totp") await navigate({ to: "/two-step", search: { next } });
    else if (step === "confirm") await navigate({ to: "/confirm", search: { email: email.trim(), next } });
    else await navigate({ to: "/reset", search: { email: email.trim(), next } });
  });
  return (
    <Entrance
      title={t.auth.signInTo(config().product)}
      foot={
        <>
          {t.auth.noAccount}{" "}
          <Link to="/sign-up" search={{ next, email }} className="font-medium text-accent underline-offset-4 hover:underline">
            {t.auth.signUp}
          </Link>
        </>
      }
    >
      <form className="grid gap-4" onSubmit={enter} noValidate={false}>
        <Email value={email} onChange={setEmail} />
        <Password label={t.auth.password} value={password} onChange={setPassword} />
        <Checkbox label={t.auth.stay} hint={t.auth.stayHint} checked={stay} onChange={(event) => setStay(event.target.checked)} />
        <Failed code={failed} />
        <Button type="submit" look="primary" busy={busy}>
          {t.auth.signIn}
        </Button>
        <Link to="/forgot" search={{ next, email }} className="justify-self-center text-sm text-accent underline-offset-4 hover:underline">
          {t.auth.forgot}
        </Link>
      </form>
    </Entrance>
  );
}

function WithProvider() {
  const t = useText();
  const { next = "/" } = useSearch({ from: "/sign-in" });
  const { busy, failed, run } = useStep();
  const leave = run(() => customer.leave(next));
  return (
    <Entrance title={t.auth.signInTo(config().product)}>
      <form className="grid gap-4" onSubmit={leave}>
        <Failed code={failed} />
        <Button type="submit" look="primary" busy={busy}>
          {t.auth.continueWith}
        </Button>
      </form>
    </Entrance>
  );
}
