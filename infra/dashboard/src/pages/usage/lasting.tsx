// What is counted without a reset: seats, integrations, storage, and whatever else the catalogue has.

import type { Schemas } from "../../api/types";
import { Card } from "../../kit/card";
import { load, Meter } from "../../kit/meter";
import { useText } from "../../text";
import { gigabytes, number } from "../../text/format";
import { useUsageText } from "./words";

export function Lasting({ meters }: { meters: readonly Schemas["EntitledMeter"][] }) {
  const { lasting: text } = useUsageText();
  if (meters.length === 0) return null;
  return (
    <Card title={text.title} lead={text.lead}>
      <ul className="grid gap-x-8 gap-y-5 sm:grid-cols-2 lg:grid-cols-3">
        {meters.map((one) => (
          <li key={one.meter}>
            <Counted {...one} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Counted({ meter, title, used, limit }: Schemas["EntitledMeter"]) {
  const { billing } = useText();
  const { lasting: text } = useUsageText();
  const isStorage = meter === "storage_mb";
  const shown = (value: number) => (isStorage ? gigabytes(value) : value);
  const unit = isStorage ? { unit: "GB" } : {};
  const said = (value: number) => `${number(shown(value))}${isStorage ? " GB" : ""}`;
  const note = () => {
    if (limit == null) return text.unlimited;
    if (limit === 0 && used === 0) return text.nothing;
    if (used > limit) return billing.usage.over(said(used - limit));
    const state = load(used, limit);
    return state === "full" ? billing.usage.full : state === "near" ? text.nearly(said(limit - used)) : undefined;
  };
  const words = note();
  return <Meter label={title} used={shown(used)} limit={limit == null ? null : shown(limit)} {...unit} {...(words ? { note: words } : {})} />;
}
