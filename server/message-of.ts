/** What an error says, in its own words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Module errors carry a stack of paths behind their first line. */
export function firstLineOf(error: unknown): string {
  const message = messageOf(error);
  return message.split('\n')[0] ?? message;
}
