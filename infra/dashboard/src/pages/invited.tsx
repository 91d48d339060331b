export function Invited() { return null; }
