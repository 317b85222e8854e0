const TEXTS: Readonly<Record<string, string>> = {
  'move-tag': 'Move tag',
  'copy-image': 'Copy image',
  'load-archive': 'Load archive',
  'delete-tag': 'Delete tag',
  'delete-image': 'Delete image',
  restore: 'Restore',
  'edit-labels': 'Edit labels',
  'edit-protection': 'Edit protection',
  recover: 'Recover',
}

/** An action of the log as people call it. */
export function actionText(action: string): string {
  return TEXTS[action] ?? action
}
