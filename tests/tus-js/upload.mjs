// Uploads one file as any program with tus-js-client does:
//   node upload.mjs URL FILE DATASET AUTHORIZATION
import { createReadStream, statSync } from 'node:fs'
import { basename } from 'node:path'
import { Upload } from 'tus-js-client'

const [endpoint, file, dataset, authorization] = process.argv.slice(2)

const upload = new Upload(createReadStream(file), {
  endpoint,
  headers: { Authorization: authorization },
  metadata: { dataset, filename: basename(file) },
  uploadSize: statSync(file).size,
  retryDelays: Array(20).fill(20),
  onError(error) {
    console.error(String(error))
    process.exitCode = 1
  },
  onSuccess() {
    console.log(upload.url)
  },
})
upload.start()
