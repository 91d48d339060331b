// Comes back from the identity provider of staff.

import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { staff } from "../../auth/staff";
import { buttonClass } from "../../kit/button";
import { Skeleton } from "../../kit/skeleton";
import { Entrance } from "../../shell/entrance";
import { useOperatorText } from "../../text/operator";
import { To } from "./paths";

export function ConsoleCallback() {
  const text = useOperatorText();
  const navigate = useNavigate();
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    staff()
      .comeBack()
      .then((href) => navigate({ href, replace: true }))
      .catch(() => setLost(true));
  }, [navigate]);
  return (
    <Entrance title={text.signIn.returning}>
      {isLost ? (
        <>
          <p>{text.signIn.lost}</p>
          <To path="" className={buttonClass("primary")}>
            {text.signIn.again}
          </To>
        </>
      ) : (
        <Skeleton className="h-10" />
      )}
    </Entrance>
  );
}
