# SPDX-License-Identifier: LGPL-2.1-or-later
import hashlib


def clusters():
    """Eigenvalues that are nearly equal, so that balls separate them at thousands of bits only; samples 0 make the text long."""
    r, zeros, entry = 12, 20000, 10 ** 60
    tail = " ".join(["0"] * zeros)
    def rows(name, value):
        return "matrix %s %d %d 1\n" % (name, r, r + zeros) + "".join("%s %s\n" % (" ".join(str(value(i, j)) for j in range(r)), tail) for i in range(r))
    p = ("network feedforward 2\nactivation relu\nloss square 1/2\nweight-decay 0\n" + rows("X", lambda i, j: int(i == j))
         + rows("Y", lambda i, j: entry + i if i == j else int(abs(i - j) == 1)) + "weights one\nbiases no\nmatrix W:1 1 %d 1\n%s\nmatrix W:2 %d 1 1\n" % (r, " ".join(["0"] * r), r)
         + "0\n" * r)
    return ("certify-certificate 2\nproblem sha256 %s\n%sclaim critical-point-exists active %d %s units 1 1 eigenvalues 1 1\nrounding 64\nevidence 1\n"
            "codes excluded 2 2 2\nconclusion refuted\nend\n" % (hashlib.sha256(p.encode()).hexdigest(), p, r, " ".join(str(j + 1) for j in range(r))))


FAMILIES = {"clusters": clusters}
