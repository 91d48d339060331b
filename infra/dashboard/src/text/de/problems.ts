export const problems = {
  already_owner: "Dieses Mitglied ist bereits Inhaber.",
  free_container_limit_reached: "Sie betreiben so viele Container kostenloser Arbeitsbereiche, wie eine Person darf. Beenden Sie einen davon, oder wechseln Sie in einen höheren Tarif.",
  free_workspace_limit_reached: "Die Höchstzahl kostenloser Arbeitsbereiche für eine Person ist erreicht. Wechseln Sie bei einem davon den Tarif, löschen oder übertragen Sie ihn, und versuchen Sie es dann nochmals.",
  idempotency_key_reused: "Das wurde schon einmal mit anderem Inhalt gesendet. Laden Sie die Seite neu und versuchen Sie es nochmals.",
  invalid_request: "Etwas im Formular stimmt nicht. Sehen Sie sich die markierten Felder an.",
  runtime_changed: "Der Container wird gerade von anderen geändert. Versuchen Sie es nochmals.",
  too_many_commands: "Es kamen zu viele Befehle hintereinander. Warten Sie einen Moment und versuchen Sie es nochmals.",
  workspace_changed: "Der Arbeitsbereich wird gerade von anderen geändert. Versuchen Sie es nochmals.",
  workspace_has_members: "Der Arbeitsbereich hat andere Mitglieder. Sehen Sie sich ihre Zahl nochmals an, und löschen Sie ihn dann für alle.",
  workspace_not_found: "Diesen Arbeitsbereich gibt es nicht mehr, oder Sie sind kein Mitglied mehr.",
  workspace_version_mismatch: "Jemand anderes hat den Arbeitsbereich inzwischen geändert.",
};
