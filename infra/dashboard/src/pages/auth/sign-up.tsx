import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { AuthFailure } from "../../auth";
import { Button } from "../../kit/button";
import { Field } from "../../kit/field";
import { Entrance } from "../../shell/entrance";
import { useText } from "../../text";
import { Email, Failed, Password, isStrong, useStep } from "./parts";

export function SignUp() {
  const t = useText();
  const { next = "/", email: given = "" } = useSearch({ from: "/sign-up" });
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [email, setEmail] = useState(given);
  const [password, setPassword] = useState("");
  const { busy, failed, run, forget } = useStep();
  const join = run(async () => {
    if (!isStrong(password)) throw new AuthFailure("weakPassword");
    const { join } = await import("../../auth/cognito-steps");
    await join(email.trim(), password, name.trim());
    await navigate({ to: "/confirm", search: { email: email.trim(), next } });
  });
  return (
    <Entrance
      title={t.auth.signUp}
      foot={
        <>
          {t.auth.haveAccount}{" "}
          <Link to="/sign-in" search={{ next, email }} className="font-medium text-accent underline-offset-4 hover:underline">
            {t.auth.signIn}
          </Link>
        </>
      }
    >
      <form className="grid gap-4" onSubmit={join} onInput={forget}>
        <Field label={t.auth.name} name="name" autoComplete="name" required maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
        <Email value={email} onChange={setEmail} />
        <Password label={t.auth.password} value={password} onChange={setPassword} fresh />
        <Failed code={failed} />
        <Button type="submit" look="primary" busy={busy}>
          {t.auth.signUp}
        </Button>
      </form>
    </Entrance>
  );
}
