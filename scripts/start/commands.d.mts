/** Runs a command in the project's root; rejects with its last lines when it fails. */
export function runCommand(
  command: string,
  args: readonly string[],
  options?: { quiet?: boolean; env?: Record<string, string> },
): Promise<void>
