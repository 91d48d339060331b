//! The meters: those that every company has, and the company's own.

use super::{
    fields::{Fields, Found, Reader},
    lock::{Lock, LockedMeter},
};
use crate::plans::{
    limits::RETENTION_DAYS,
    meter::{Count, MeterTerms},
    names::MeterName,
};

/// Maximum number of meters of a catalogue.
const MAX_METERS: usize = 64;

/// The meters that every company has.
const BUILT_IN: [MeterTerms; 4] = [
    built_in(0, "members", "Members", "members", Count::Seats),
    built_in(1, "integrations", "Integrations", "integrations", Count::Integrations),
    built_in(2, "api_keys", "API keys", "API keys", Count::Keys),
    built_in(3, "storage_mb", "Storage", "megabytes of storage", Count::Storage),
];

const fn built_in(index: u8, name: &str, title: &'static str, unit: &'static str, count: Count) -> MeterTerms {
    MeterTerms { name: MeterName::literal(name), title, unit, index, is_monthly: false, count, shards: 1 }
}

/// Reads the company's meters, which must continue those of `lock`.
pub(super) fn read(reader: &mut Reader<'_>, file: &mut Fields<'_>, lock: &Lock) -> Vec<MeterTerms> {
    let mut meters = Vec::from(BUILT_IN);
    let mut own = Vec::new();
    for mut fields in file.tables(reader, "meters") {
        let name = fields.parsed::<MeterName>(reader, "name");
        let (title, unit) = (fields.text(reader, "title"), fields.text(reader, "unit"));
        let is_monthly = fields.choice(reader, "counts", &[("lasting", false), ("monthly", true)]);
        let shards = fields.number(reader, "shards", (1, 64)).map_or(1, |shards| shards.value);
        let span = fields.span();
        fields.finish(reader);
        let Some(name) = name else { continue };
        if name.value == RETENTION_DAYS {
            reader.report(name.span, "`retention_days` is a setting of every plan; name the meter otherwise");
        } else if meters.iter().any(|meter| meter.name == name.value) {
            reader.report(name.span, format!("`{}` is a meter of every catalogue; remove it here", name.value));
        }
        if let (Some(title), Some(unit), Some(is_monthly)) = (title, unit, is_monthly) {
            let (index, shards) = (0, u8::try_from(shards).unwrap_or(u8::MAX));
            let count = Count::Usage;
            own.push(Found {
                value: MeterTerms { name: name.value, title, unit, index, is_monthly, count, shards },
                span,
            });
        }
    }
    for Found { value: meter, span } in &own {
        if let Some(locked) = lock.meters.get(&meter.name) {
            let LockedMeter { counts, shards } = *locked;
            if counts != LockedMeter::from(meter).counts {
                let message =
                    format!("`{}` was used with counts = \"{counts}\"; restore it, or use a new name", meter.name);
                reader.report(*span, message);
            }
            if meter.shards < shards {
                // The counts in the other items would be lost.
                reader
                    .report(*span, format!("`{}` was used with shards = {shards}; set at least {shards}", meter.name));
            }
        }
    }
    reader.no_repetition("meters", &own, |meter| meter.name.to_string());
    if let Some(surplus) = own.get(MAX_METERS - meters.len()) {
        reader.report(surplus.span, format!("there are more than {MAX_METERS} meters; remove some"));
    }
    meters.extend(own.into_iter().map(|found| found.value));
    for (index, meter) in (0_u8..).zip(&mut meters) {
        meter.index = index;
    }
    meters
}
