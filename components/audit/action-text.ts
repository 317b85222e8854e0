const TEXTS: Readonly<Record<string, string>> = {
  'move-tag': 'Move tag',
  'copy-image': 'Copy image',
  'load-archive': 'Load archive',
  'delete-tag': 'Delete tag',
  'delete-image': 'Delete image',
  restore: 'Restore',
  'edit-labels': 'Edit labels',
  'edit-protection': 'Edit protection',
  'edit-retention': 'Edit retention',
  'run-retention': 'Run retention',
  recover: 'Recover',
  'sign-in': 'Sign in',
  'sign-out': 'Sign out',
  'end-session': 'End session',
  'create-token': 'Create token',
  'use-token': 'Use token',
  'revoke-token': 'Revoke token',
  export: 'Export',
  read: 'Read',
  'send-request': 'Send request',
}

/** The display name of an action in the log. */
export function actionText(action: string): string {
  return TEXTS[action] ?? action
}
