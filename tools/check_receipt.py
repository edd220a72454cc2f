"""check_receipt.py FILE RECEIPT [KEY]: whether FILE is what its receipt says, signed with KEY (or the key that it names)."""
import hashlib, json, sys

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def point(y, sign):
    x = pow((y * y - 1) * pow(D * y * y + 1, P - 2, P), (P + 3) // 8, P)
    if (x * x * (D * y * y + 1) - (y * y - 1)) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert (x * x * (D * y * y + 1) - (y * y - 1)) % P == 0, "no point of the curve"
    return (x if x % 2 == sign else P - x, y)


def add(a, b):
    (x, y), (u, v) = a, b
    k = D * x * y * u * v
    return ((x * v + u * y) * pow(1 + k, P - 2, P) % P, (y * v + x * u) * pow(1 - k, P - 2, P) % P)


def times(a, n):
    sum = (0, 1)
    while n:
        sum, a, n = add(sum, a) if n & 1 else sum, add(a, a), n >> 1
    return sum


def decode(raw):
    n = int.from_bytes(raw, "little")
    return point(n % 2**255, n >> 255)


data, receipt = open(sys.argv[1], "rb").read(), json.load(open(sys.argv[2], encoding="utf-8"))
manifest, signature = receipt["manifest"], bytes.fromhex(receipt["signature"])
key = bytes.fromhex(sys.argv[3] if len(sys.argv) > 3 else manifest["key"])
text = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
h = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
s = int.from_bytes(signature[32:], "little")
base = point(4 * pow(5, P - 2, P) % P, 0)
if s >= L or times(base, s) != add(decode(signature[:32]), times(decode(key), h)):
    sys.exit("the receipt is not signed with this key")
if len(data) != manifest["file"]["size_bytes"] or hashlib.sha256(data).hexdigest() != manifest["file"]["sha256"]:
    sys.exit("the file is not what it was")
print(f"{manifest['file']['name']}: {len(data)} bytes, {manifest['rows']} rows, as exported")
