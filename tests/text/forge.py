# SPDX-License-Identifier: LGPL-2.1-or-later
from forging import *

exact = prove(identity + "claims: [gradient-dominance: {radius: 1/10}]")
joint_cert = prove(three + "claims: [gradient-dominance: {radius: 1/50}]")
distinct = prove("network: {kind: linear}\ndata: {X: {identity: 2}, Y: {diagonal: [1, 2]}}\npoint: {W: [{identity: 2}]}\nclaims: [distinct-eigenvalues]")

# work: small texts that would take much time or memory
def deep(l, bound):
    chain = "".join("matrix W:%d 1 1 1\n2\n" % (k + 1) for k in range(l))
    return ("certify-certificate 1\nproblem sha256 x\nnetwork linear %d\nloss square 1/2\nweight-decay 0\n"
            "matrix X 1 1 1\n1\nmatrix Y 1 1 1\n1\nweights one\nbiases no\n%s"
            "claim gradient-dominance norm spectral radius %d%s lambda 1\nrounding 256\nevidence 1\n"
            "word bound %s\nconclusion proved lambda 1\nend\n" % (l, chain, l, " 1/10" * l, bound))

forge("deep-block", deep(80, "block"), "the lower bound of the gradient is 0")
forge("deep-joint", deep(80, "joint"), "multipliers: the evidence is missing")
forge("deep-data", deep(80, "data"), "multipliers: the evidence is missing")
forge("deep-too-long", re.sub(r"^2$", "1" + "0" * 3000, deep(190, "point"), flags=re.M).replace("1/10", "0"),
      "the limit \"work\" of the format")
unit = lambda n: "".join(" ".join("1" if i == j else "0" for j in range(n)) + "\n" for i in range(n))
forge("joint-of-large-order", re.sub(r"matrix (\S+) 1 1 1\n[12]\n", lambda m: "matrix %s 100 100 1\n%s" % (m.group(1), unit(100)),
      deep(2, "joint")), "multipliers: the evidence is missing")
forge("tall-output", sub(sub(deep(1, "joint"), r"matrix Y 1 1 1\n1\n", "matrix Y 1024 1 1\n" + "1\n" * 1024),
      r"matrix W:1 1 1 1\n2\n", "matrix W:1 1024 1 1\n" + "2\n" * 1024), "multipliers: the evidence is missing")
forge("tall-data", sub(sub(deep(1, "joint"), r"matrix X 1 1 1\n1\n", "matrix X 1024 1 1\n" + "1\n" * 1024),
      r"matrix W:1 1 1 1\n2\n", "matrix W:1 1 1024 1\n" + " ".join(["2"] * 1024) + "\n"), "multipliers: the evidence is missing")
forge("charpoly-of-large-entries", sub(sub(distinct, r"(matrix X 2 2) 1\n1 0\n0 1\n", "matrix X 60 60 1\n" + unit(60).replace("1", "7" * 60)),
      r"(matrix Y 2 2) 1\n1 0\n0 2\n", "matrix Y 60 60 1\n" + unit(60)).replace("matrix W:1 2 2 1\n1 0\n0 1\n", "matrix W:1 60 60 1\n" + unit(60)),
      "the exact decision is the opposite")

# the reader
forge("digest", sub(exact, r"sha256 .", "sha256 x"), "digest", True)
forge("digest-of-another-problem", exact.replace("matrix Y 2 2 1\n1 0", "matrix Y 2 2 1\n2 0"), "digest is not that", True)
forge("digest-short", sub(exact, r"sha256 ..", "sha256 "), "64 hexadecimal digits", True)
forge("version-2", exact.replace("certify-certificate 1", "certify-certificate 2"), "belongs to version 1", True)
forge("version-3", exact.replace("certify-certificate 1", "certify-certificate 3"), "format version", True)
forge("number-not-reduced", sub(exact, r"radius 2 1/10", "radius 2 2/20"), "lowest terms")
forge("number-plus", sub(exact, r"radius 2 1/10", "radius 2 +1/10"), "lowest terms")
forge("number-zero-denominator", sub(exact, r"radius 2 1/10", "radius 2 1/0"), "lowest terms")
forge("number-leading-zero", sub(exact, r"radius 2 1/10", "radius 02 1/10"), "canonical form")
forge("number-minus-zero", sub(exact, r"(matrix X 2 2 1)\n1 0", "\\1\n1 -0"), "canonical form")
forge("number-decimal", sub(exact, r"radius 2 1/10", "radius 2 0.1"), "lowest terms")
forge("number-exponent", sub(exact, r"radius 2 1/10", "radius 2 1e999999999"), "lowest terms")
forge("number-one-as-fraction", sub(exact, r"paper_lambda 1$", "paper_lambda 1/1"), "lowest terms")
forge("number-too-long", sub(exact, r"(matrix X 2 2 1)\n1", "\\1\n1" + "0" * 100001), "canonical form")
forge("matrix-common-factor", sub(exact, r"matrix X 2 2 1\n1 0\n0 1", "matrix X 2 2 2\n2 0\n0 2"), "common factor")
forge("matrix-negative-denominator", sub(exact, r"matrix X 2 2 1\n", "matrix X 2 2 -1\n"), "denominator must be positive")
forge("matrix-huge", sub(exact, r"matrix X 2 2 1\n", "matrix X 1024 99999 1\n"), "larger than the rest")
forge("matrix-too-wide", sub(exact, r"matrix X 2 2 1\n", "matrix X 2 1000000000000 1\n"), "number of columns")
forge("matrix-no-rows", sub(exact, r"matrix X 2 2 1\n1 0\n0 1\n", "matrix X 0 2 1\n"), "")
forge("matrix-row-short", sub(exact, r"(matrix X 2 2 1)\n1 0\n", "\\1\n1\n"), "one space")
forge("matrix-row-long", sub(exact, r"(matrix X 2 2 1)\n1 0\n", "\\1\n1 0 0\n"), "line must end")
forge("shape-of-point", sub(exact, r"matrix W:1 2 2 1\n1 0\n0 1\n", "matrix W:1 3 2 1\n1 0\n0 1\n0 0\n"), "W_2 is 2 x 2, expected 2 x 3")
forge("shape-of-y", sub(exact, r"matrix Y 2 2 1\n1 0\n0 1\n", "matrix Y 1 2 1\n1 0\n"), "Y is 1 x 2, expected 2 x 2")
forge("space-doubled", sub(exact, r"^evidence ", "evidence  "), "a word is expected")
forge("space-at-end", sub(exact, r"^weights one$", "weights one "), "line must end")
forge("tab", sub(exact, r"^weights one$", "weights\tone"), "")
forge("carriage-returns", exact.replace("\n", "\r\n"), "", True)
forge("blank-line", sub(exact, r"^claim ", "\nclaim "), "", True)
forge("comment", sub(exact, r"^claim ", "# trust me\nclaim "), "", True)
forge("text-after-end", exact + "really\n", "text follows", True)
forge("no-newline-at-end", exact[:-1], "", True)
forge("no-end", exact[:-4], "", True)
forge("no-conclusion", sub(exact, r"^conclusion .*\n", ""), "\"conclusion\" is expected")
forge("two-conclusions", sub(exact, r"^(conclusion .*\n)", r"\1\1"), "\"end\" is expected")
forge("conclusion-lambda-differs", sub(exact, r"^conclusion proved lambda 25/81", "conclusion proved lambda 1/81"), "lambda differs from the claim")
forge("block-count-small", more(exact, -1), "\"conclusion\" is expected")
forge("block-count-large", more(exact), "kind of evidence")
forge("block-count-huge", sub(exact, r"^evidence \d+", "evidence 999999999999999999999"), "number of blocks")
b = block(exact, "inj:W:1:1")
forge("block-doubled", more(exact.replace(b, b + b)), "order of their roles")
forge("block-unused", more(sub(exact, r"^conclusion", "word zzz proof\nconclusion")), "not used by the proof")
forge("blocks-out-of-order", exact.replace(block(exact, "data-norm"), "@").replace(block(exact, "data:W:0"), block(exact, "data-norm")).replace("@", block(exact, "data:W:0")), "order of their roles")
forge("role-too-long", sub(exact, r"^word bound block", "word " + "b" * 200 + " block"), "role is too long")
forge("rounding-zero", sub(exact, r"^rounding \d+", "rounding 0"), "the rounding must be")
forge("rounding-coarse", sub(joint_cert, r"^rounding \d+", "rounding 3"), "the factor does not prove")
forge("layers-many", sub(exact, r"^network linear 2", "network linear 1001"), "number of layers")
forge("network-unknown", sub(exact, r"^network linear", "network convolutional"), "unknown network")
forge("claim-unknown", sub(exact, r"^claim gradient-dominance", "claim convexity"), "unknown claim")
forge("scale-zero", sub(exact, r"^loss square 1/2", "loss square 0"), "scale of the loss is not positive")
forge("sample-weight-negative", sub(exact, r"^weights one", "weights 1 -1"), "sample weight is negative")
forge("biases-for-linear", sub(exact, r"^biases no", "biases yes"), "have no biases")
forge("diagonal-of-ones", sub(exact, r"^diagonal 0 0$", "diagonal 1 1"), "written \"diagonal one\"")
primes = [p for p in range(10**6, 10**6 + 20000) if all(p % q for q in range(2, 1000))][:400]
n = len(primes)
forge("coprime-denominators", sub(exact, r"^bound inj:W:1:1 1 2 1\n.*\n.*\n.*$",
      lambda m: "bound inj:W:1:1 1 %d 1\n" % n + "".join(" ".join(["0"] * (i + 1)) + "\n" for i in range(n))
      + "diagonal " + " ".join("1/%d" % (p ** 80) for p in primes)), "common denominator of these numbers")
forge("empty", "", "", True)
forge("binary", "".join(chr(i % 256) for i in range(600)).encode("latin1").decode("latin1"), "", True)
