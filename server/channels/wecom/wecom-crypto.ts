import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { BotloomError } from '#kit'
import { sameText } from '#server/auth/secrets.ts'

/*
 * The callbacks of WeCom (developer.work.weixin.qq.com/document/path/90968): SHA-1 over the sorted token, time, nonce and
 * ciphertext; AES-256-CBC with the key's first 16 bytes as IV, padded to 32 bytes; inside are 16 random bytes, the length (4 bytes, big-endian),
 * the message, and for whom it is.
 */

const block = 32

export function wecomSignature(token: string, timestamp: string, nonce: string, encrypted: string): string {
  return createHash('sha1').update([token, timestamp, nonce, encrypted].sort().join('')).digest('hex')
}

/** Throws `signature-invalid`. */
export function checkWecomSignature(
  given: { signature: string; timestamp: string; nonce: string; encrypted: string },
  token: string,
): void {
  const { signature, timestamp, nonce, encrypted } = given
  if (!sameText(signature, wecomSignature(token, timestamp, nonce, encrypted)))
    throw new BotloomError('signature-invalid')
}

/** The message inside, which must be for `receiver`. Throws `signature-invalid` for whatever is not as it should be. */
export function decryptWecom(encrypted: string, aesKey: string, receiver: string): string {
  try {
    const key = keyOf(aesKey)
    const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
    const padded = Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()])
    const padding = padded.at(-1) ?? 0
    if (padding < 1 || padding > block) throw new Error('padding')
    const plain = padded.subarray(0, padded.length - padding)
    const length = plain.readUInt32BE(16)
    if (20 + length > plain.length) throw new Error('length')
    const message = plain.subarray(20, 20 + length).toString('utf8')
    if (plain.subarray(20 + length).toString('utf8') !== receiver) throw new Error('receiver')
    return message
  } catch (cause) {
    throw new BotloomError('signature-invalid', {}, { cause })
  }
}

export function encryptWecom(message: string, aesKey: string, receiver: string): string {
  const key = keyOf(aesKey)
  const said = Buffer.from(message, 'utf8')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(said.length)
  const plain = Buffer.concat([randomBytes(16), length, said, Buffer.from(receiver, 'utf8')])
  const padding = block - (plain.length % block)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([
    cipher.update(Buffer.concat([plain, Buffer.alloc(padding, padding)])),
    cipher.final(),
  ]).toString('base64')
}

function keyOf(aesKey: string): Buffer {
  return Buffer.from(`${aesKey}=`, 'base64')
}
