// A platform as a bureau would connect it: sign in through us, show who came, hear of sign-outs.
import { createServer } from 'node:http'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as client from 'openid-client'

const [issuer, clientId, secret, port] = process.argv.slice(2)
const here = `http://127.0.0.1:${port}`
const config = await client.discovery(new URL(issuer), clientId, secret, undefined, {
  execute: [client.allowInsecureRequests],
})
const keys = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri))
const LOGOUT = 'http://schemas.openid.net/event/backchannel-logout'

let waiting = {} // state → what we must remember meanwhile
let session // who is signed in here

async function login() {
  const verifier = client.randomPKCECodeVerifier()
  const state = client.randomState()
  const nonce = client.randomNonce()
  waiting[state] = { verifier, nonce }
  return client.buildAuthorizationUrl(config, {
    redirect_uri: `${here}/callback`,
    scope: 'openid profile roles',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  }).href
}

async function callback(url) {
  const state = url.searchParams.get('state')
  const { verifier, nonce } = waiting[state]
  delete waiting[state]
  const tokens = await client.authorizationCodeGrant(config, url, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  })
  const claims = tokens.claims()
  const told = await client.fetchUserInfo(config, tokens.access_token, claims.sub)
  session = { claims, told, idToken: tokens.id_token, refresh: tokens.refresh_token }
}

async function backchannel(body) {
  const token = new URLSearchParams(body).get('logout_token')
  const { payload } = await jwtVerify(token, keys, {
    issuer, audience: clientId, typ: 'logout+jwt', requiredClaims: ['jti', 'iat', 'exp', 'sid'],
  })
  if (!payload.events?.[LOGOUT] || 'nonce' in payload) throw new Error('not a logout token')
  if (session?.claims.sid === payload.sid) session = undefined
}

const text = async (request) => {
  let body = ''
  for await (const part of request) body += part
  return body
}

createServer(async (request, response) => {
  const url = new URL(request.url, here)
  const to = (place) => response.writeHead(302, { Location: place }).end()
  try {
    if (url.pathname === '/login') return to(await login())
    if (url.pathname === '/callback') return await callback(url), to('/')
    if (url.pathname === '/backchannel') {
      await backchannel(await text(request))
      return response.writeHead(200).end()
    }
    if (url.pathname === '/logout') {
      return to(client.buildEndSessionUrl(config, {
        id_token_hint: session.idToken, post_logout_redirect_uri: `${here}/`,
      }).href)
    }
    response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' })
    response.end(JSON.stringify(session ?? null))
  } catch (wrong) {
    response.writeHead(500, { 'Content-Type': 'text/plain' })
    response.end(`${wrong.name}: ${wrong.message} ${wrong.cause ? JSON.stringify(wrong.cause) : ''}`)
  }
}).listen(Number(port), '127.0.0.1', () => console.log('ready'))
