import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { customer } from "../../auth";
import { buttonClass } from "../../kit/button";
import { Skeleton } from "../../kit/skeleton";
import { Entrance } from "../../shell/entrance";
import { useText } from "../../text";

/** Comes back from the identity provider. */
export function Callback() {
  const t = useText();
  const navigate = useNavigate();
  const [lost, setLost] = useState(false);
  useEffect(() => {
    customer
      .comeBack()
      .then((href) => navigate({ href, replace: true }))
      .catch(() => setLost(true));
  }, [navigate]);
  return (
    <Entrance title={t.auth.callback}>
      {lost ? (
        <>
          <p>{t.auth.lost}</p>
          <Link to="/sign-in" search={{}} className={buttonClass("primary")}>
            {t.auth.signIn}
          </Link>
        </>
      ) : (
        <Skeleton className="h-10" />
      )}
    </Entrance>
  );
}
