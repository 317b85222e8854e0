import { openFolderLock } from '../folder-lock.ts'

/** Takes the lock of the folder named as argument, says so and keeps it until it is killed. */
const lock = openFolderLock(process.argv[2] ?? '', { tryEvery: 20 })
lock.whenHeld(() => console.log('held'))
if (!lock.held) console.log('waiting')
setInterval(() => {}, 1000)
