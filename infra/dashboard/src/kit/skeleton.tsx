import { useEffect, useState } from "react";
import { useText } from "../text";
import { cn } from "./cn";

/** Holds the place of something that loads, at its final height; after 8 s it says that it is slow. */
export function Skeleton({ className }: { className?: string }) {
  const t = useText();
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 8000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label={t.common.loading} className={cn("skeleton grid place-items-center", className)}>
      {slow && <p className="p-4 text-sm text-soft">{t.common.slow}</p>}
    </div>
  );
}
