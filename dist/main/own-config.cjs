"use strict";
const e = require("../main.cjs");
// node_modules/smol-toml/dist/error.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
function t(e, t) {
	let n = e.slice(0, t).split(/\r?\n/);
	return [n.length, n.pop().length + 1];
}
function n(e, t, n) {
	let r = e.split(/\r?\n/);
	let i = "";
	let a = (Math.log10(t + 1) | 0) + 1;
	for (let e = t - 1; e <= t + 1; e++) {
		let o = r[e - 1];
		if (!o) continue;
		i += e.toString().padEnd(a, " ");
		i += ":  ";
		i += o;
		i += "\n";
		if (e === t) {
			i += " ".repeat(a + n + 2);
			i += "^\n";
		}
	}
	return i;
}
var r = class e extends Error {
	line;
	column;
	codeblock;
	constructor(e, r) {
		const [i, a] = t(r.toml, r.ptr);
		const o = n(r.toml, i, a);
		super(`Invalid TOML document: ${e}\n\n${o}`, r);
		this.line = i;
		this.column = a;
		this.codeblock = o;
	}
	static x(t, n, r) {
		throw new e(t, {
			toml: n.s,
			ptr: r ?? n.p
		});
	}
};
// node_modules/smol-toml/dist/primitive.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
function i(e) {
	let t = e.p;
	let n = e.s.charCodeAt(e.p++);
	let i = n;
	let a = n === 39;
	let o = n === e.s.charCodeAt(e.p) && n === e.s.charCodeAt(e.p + 1);
	if (o) {
		if ((n = e.s.charCodeAt(e.p += 2)) === 10) e.p++;
		else if (n === 13 && e.s.charCodeAt(e.p + 1) === 10) e.p += 2;
	}
	let s = "";
	let c = e.p;
	let l = 0;
	for (; e.p < e.s.length; e.p++) {
		n = e.s.charCodeAt(e.p);
		if (o && (n === 10 || n === 13 && e.s.charCodeAt(e.p + 1) === 10)) l = l && 3;
		else if (n < 32 && n !== 9 || n === 127) r.x("control characters are not allowed in strings", e);
		else if ((!l || l === 3) && n === i && (!o || e.s.charCodeAt(e.p + 1) === i && e.s.charCodeAt(e.p + 2) === i)) {
			if (o) {
				if (e.s.charCodeAt(e.p + 3) === i) e.p++;
				if (e.s.charCodeAt(e.p + 3) === i) e.p++;
			}
			if (!l) {
				let t = e.s.slice(c, e.p);
				s = s ? s + t : t;
			}
			e.p += o ? 3 : 1;
			return s;
		} else if (!l) {
			if (!a && n === 92) {
				s += e.s.slice(c, c = e.p);
				l = 1;
			}
		} else if (l === 1) {
			if (n === 120 || n === 117 || n === 85) {
				let t = e.p++ - 1;
				let i = 0;
				let a = n === 120 ? 2 : n === 117 ? 4 : 8;
				for (let t = 0; t < a; t++, e.p++) {
					let t = e.s.charCodeAt(e.p);
					let n = t >= 48 && t <= 57 ? t - 48 : t >= 65 && t <= 70 ? t - 65 + 10 : t >= 97 && t <= 102 ? t - 97 + 10 : -1;
					if (n < 0) r.x("invalid non-hex character in unicode escape", e);
					i = i << 4 | n;
				}
				if (i < 0 || i > 1114111 || i >= 55296 && i <= 57343) r.x("invalid unicode escape", e, t);
				s += String.fromCodePoint(i);
				c = e.p--;
				l = 0;
			} else if (o && (n === 32 || n === 9)) l = 2;
			else {
				if (n === 98) s += "\b";
				else if (n === 116) s += "	";
				else if (n === 110) s += "\n";
				else if (n === 102) s += "\f";
				else if (n === 114) s += "\r";
				else if (n === 101) s += "\x1B";
				else if (n === 34) s += "\"";
				else if (n === 92) s += "\\";
				else r.x("unrecognised escape sequence", e);
				c = e.p + 1;
				l = 0;
			}
		} else if (n !== 32 && n !== 9) {
			if (l === 2) r.x("invalid escape: only line-ending whitespace may be escaped", e, c);
			l = !a && n === 92 ? 1 : 0;
			c = e.p;
		}
	}
	r.x("unfinished string", e, t);
}
// node_modules/smol-toml/dist/date.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
let a = /^(\d{4}-\d{2}-\d{2})?[Tt ]?(?:(\d{2}):\d{2}(?::\d{2}(?:\.\d+)?)?)?(Z|z|[-+]\d{2}:\d{2})?$/i;
var o = class e extends Date {
	#e = false;
	#t = false;
	#n = null;
	constructor(e, t, n) {
		let r = true;
		let i = true;
		let o = "Z";
		let s;
		if (typeof e === "string") {
			if (t) prep: {
				if (t < 3) {
					if (+e.slice(11, 13) > 23) {
						e = "";
						break prep;
					}
					if (t === 2) {
						o = null;
						e += "Z";
					} else if ((s = e.charCodeAt(e.length - 1)) !== 90 && s !== 122) o = e.slice(e.length - 6);
					if (n) e = e.slice(0, 10) + "T" + e.slice(11);
				} else if (t === 4) e = +e.slice(0, 2) > 23 ? "" : `0000-01-01T${e}Z`;
				r = t !== 4;
				i = t !== 3;
			}
			else {
				let t = e.match(a);
				if (t) {
					if (!t[1]) {
						r = false;
						e = `0000-01-01T${e}`;
					}
					i = !!t[2];
					i && e[10] === " " && (e = e.replace(" ", "T"));
					if (t[2] && +t[2] > 23) e = "";
					else {
						o = t[3] || null;
						if (!o && i) e += "Z";
					}
				} else e = "";
			}
		}
		super(e);
		if (!isNaN(this.getTime())) {
			this.#e = r;
			this.#t = i;
			this.#n = o;
		}
	}
	isDateTime() {
		return this.#e && this.#t;
	}
	isLocal() {
		return !this.#e || !this.#t || !this.#n;
	}
	isDate() {
		return this.#e && !this.#t;
	}
	isTime() {
		return this.#t && !this.#e;
	}
	isValid() {
		return this.#e || this.#t;
	}
	toISOString() {
		let e = super.toISOString();
		if (this.isDate()) return e.slice(0, 10);
		if (this.isTime()) return e.slice(11, 23);
		if (this.#n === null) return e.slice(0, -1);
		if (this.#n === "Z" || this.#n === "z") return e;
		let t = +this.#n.slice(1, 3) * 60 + +this.#n.slice(4, 6);
		t = this.#n[0] === "-" ? t : -t;
		return (/* @__PURE__ */ new Date(this.getTime() - t * 6e4)).toISOString().slice(0, -1) + this.#n;
	}
	static wrapAsOffsetDateTime(t, n = "Z") {
		let r = new e(t);
		r.#n = n;
		return r;
	}
	static wrapAsLocalDateTime(t) {
		let n = new e(t);
		n.#n = null;
		return n;
	}
	static wrapAsLocalDate(t) {
		let n = new e(t);
		n.#t = false;
		n.#n = null;
		return n;
	}
	static wrapAsLocalTime(t) {
		let n = new e(t);
		n.#e = false;
		n.#n = null;
		return n;
	}
};
// node_modules/smol-toml/dist/extract.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
function s(e, t = 10) {
	return t === 16 ? e > 47 && e < 58 || e > 64 && e < 71 || e > 96 && e < 103 : e > 47 && e < 48 + t;
}
function c(e, t) {
	return e === 32 || e === 9 || e === 10 || e === 13 || t && (e === t || e === 44) || e === 35;
}
function l(e, t) {
	let n = e.p;
	let a = e.s.charCodeAt(e.p);
	if (a === 91 || a === 123) {
		e.d-- || r.x("document contains excessively nested structures. aborting.", e);
		let t = a === 91 ? b(e) : y(e);
		e.d++;
		return t;
	}
	if (a === 34 || a === 39) return i(e);
	if (a === 116) {
		if (e.s.charCodeAt(++e.p) !== 114 || e.s.charCodeAt(++e.p) !== 117 || e.s.charCodeAt(++e.p) !== 101) r.x("invalid value", e, n);
		return e.p++, true;
	}
	if (a === 102) {
		if (e.s.charCodeAt(++e.p) !== 97 || e.s.charCodeAt(++e.p) !== 108 || e.s.charCodeAt(++e.p) !== 115 || e.s.charCodeAt(++e.p) !== 101) r.x("invalid value", e, n);
		return e.p++, false;
	}
	if (a === 43 || a === 45) return u(e, e.p, e.s.charCodeAt(++e.p), 44 - a, t);
	if (e.s.charCodeAt(e.p + 4) === 45 && e.s.charCodeAt(e.p + 7) === 45) return p(e, a, t);
	if (e.s.charCodeAt(e.p + 2) === 58) return m(e, a, t);
	return u(e, e.p, a, 0, t);
}
function u(e, t, n, i, a) {
	let o = n;
	let l = 0;
	let u = false;
	if (o === 105) {
		if (e.s.charCodeAt(++e.p) !== 110 || e.s.charCodeAt(++e.p) !== 102) r.x("invalid value", e, t);
		return e.p++, (i || 1) / 0;
	}
	if (o === 110) {
		if (e.s.charCodeAt(++e.p) !== 97 || e.s.charCodeAt(++e.p) !== 110) r.x("invalid value", e, t);
		return e.p++, NaN;
	}
	if (o === 48) {
		if (++e.p >= e.s.length || c(o = e.s.charCodeAt(e.p), a)) return e.bi === true ? 0n : 0;
		if (!i) {
			if (o === 120) return d(e, t, 16, a);
			else if (o === 98) return d(e, t, 2, a);
			else if (o === 111) return d(e, t, 8, a);
		}
		if (o === 46) l = 2;
		else if (o === 101 || o === 69) l = 4;
		else r.x("illegal leading zero", e, t);
	} else if (!s(o)) r.x("invalid value", e, t);
	while (++e.p < e.s.length && (o = e.s.charCodeAt(e.p), !c(o, a))) {
		if (!l) l = 1;
		if (o === 95) {
			if (!(l & 1)) r.x("illegal underscore", e);
			l += 11;
			u = true;
		} else if (l === 1 && o === 46) l = 2;
		else if ((l === 1 || l === 3) && (o === 101 || o === 69)) l = 4;
		else if (l === 4 && (o === 43 || o === 45)) l = 6;
		else if (!s(o)) r.x(`illegal character in numeric literal`, e);
		else if (l > 9) l -= 11;
		else if (!(l & 1)) l++;
	}
	if (!l) {
		let t = (n - 48) * (i || 1);
		return e.bi === true ? BigInt(t) : t;
	}
	if (!(l & 1)) r.x("unfinished numeric value", e, t);
	let p = e.s.slice(t, e.p);
	if (u) p = p.replaceAll("_", "");
	return l > 1 ? parseFloat(p) : f(e, p, 10, t);
}
function d(e, t, n, i) {
	let a, o = 1;
	while (++e.p < e.s.length && (a = e.s.charCodeAt(e.p), !c(a, i))) if (a === 95) {
		if (o & 1) r.x("illegal underscore", e);
		o = 3;
	} else if (!s(a, n)) r.x(`illegal character in numeric literal`, e);
	else if (o & 1) o--;
	if (o & 1) r.x("unfinished numeric value", e);
	let l = e.s.slice(t + 2, e.p);
	if (o) l = l.replaceAll("_", "");
	return f(e, l, n, t);
}
function f(e, t, n, i) {
	if (e.bi !== true) int: {
		let a = parseInt(t, n);
		if (!Number.isSafeInteger(a)) {
			if (e.bi) break int;
			r.x("integer value cannot be represented losslessly", e, i);
		}
		return a;
	}
	return n === 10 ? BigInt(t) : BigInt((n === 2 ? "0b" : n === 8 ? "0o" : "0x") + t);
}
function p(e, t, n) {
	let i = e.p++, a;
	if (!s(t) || !s(e.s.charCodeAt(e.p++)) || !s(e.s.charCodeAt(e.p++)) || !s(e.s.charCodeAt(e.p++))) return u(e, e.p = i, t, 0, n);
	e.p += 5;
	if (!s(e.s.charCodeAt(e.p++))) r.x("invalid date-time: date part is malformed", e, i);
	if (e.p >= e.s.length || ((t = e.s.charCodeAt(e.p)) !== 32 || (a = true, !s(e.s.charCodeAt(e.p + 1)))) && t !== 84 && t !== 116) return h(e, e.s.slice(i, e.p), 3, false, i);
	if (e.s.charCodeAt(e.p += 3) !== 58) r.x("invalid date-time: time part is malformed", e, i);
	if (e.s.charCodeAt(e.p += 3) === 58) e.p += 3;
	if (e.s.charCodeAt(e.p) === 46) while (s(e.s.charCodeAt(++e.p)));
	if (t = e.s.charCodeAt(e.p)) {
		if (t === 90 || t === 122) return h(e, e.s.slice(i, ++e.p), 1, a, i, "[+00:00]");
		if (t === 43 || t === 45) return h(e, e.s.slice(i, e.p += 6), 1, a, i, !e.ld && "[" + e.s.slice(e.p - 6, e.p) + "]");
	}
	return h(e, e.s.slice(i, e.p), 2, a, i);
}
function m(e, t, n) {
	let r = e.p;
	if (!s(t) || !s(e.s.charCodeAt(++e.p))) return u(e, --e.p, t, 0, n);
	if (e.s.charCodeAt(e.p += 4) === 58) e.p += 3;
	if (e.s.charCodeAt(e.p) === 46) while (s(e.s.charCodeAt(++e.p)));
	return h(e, e.s.slice(r, e.p), 4, false, r);
}
function h(e, t, n, i, a, s) {
	if (e.ld) {
		let s = new o(t, n, i);
		if (!s.isValid()) r.x("invalid date", e, a);
		return s;
	}
	try {
		if (s) t += s;
		switch (n) {
			case 1: return Temporal.ZonedDateTime.from(t);
			case 2: return Temporal.PlainDateTime.from(t);
			case 3: return Temporal.PlainDate.from(t);
			case 4: return Temporal.PlainTime.from(t);
		}
	} catch (t) {
		r.x(t instanceof Error ? t.message : "" + t, e, a);
	}
}
// node_modules/smol-toml/dist/util.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
function g(e) {
	for (; e.p < e.s.length; e.p++) {
		let t = e.s.charCodeAt(e.p);
		if (t === 10) break;
		if (t === 13 && e.s.charCodeAt(e.p + 1) === 10) {
			e.p++;
			break;
		}
		if (t < 32 && t !== 9 || t === 127) r.x("control characters are not allowed in comments", e);
	}
}
function _(e, t, n) {
	let r;
	while (e.p < e.s.length) {
		while (e.p < e.s.length && ((r = e.s.charCodeAt(e.p)) === 32 || r === 9 || !t && (r === 10 || r === 13 && e.s.charCodeAt(e.p + 1) === 10))) e.p++;
		if (n || r !== 35) break;
		g(e);
	}
}
// node_modules/smol-toml/dist/struct.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
function v(e, t = 61) {
	let n;
	let a = 0;
	let o = [];
	let s;
	let c = e.s.charCodeAt(n = e.p);
	do
		if (c === t) {
			if (!a) r.x("unexpected end of key", e);
			if (a === 1) o.push(e.s.slice(s, e.p));
			return e.p++, o;
		} else if (c === 46) {
			if (!a) r.x("illegal empty bare key", e);
			if (a === 1) o.push(e.s.slice(s, e.p));
			a = 0;
		} else if (!a && (c === 34 || c === 39)) {
			if (c === e.s.charCodeAt(e.p + 1) && c === e.s.charCodeAt(e.p + 2)) r.x("illegal quoted key: multiline strings are not allowed", e);
			o.push(i(e));
			a = 2;
			e.p--;
		} else if (c === 32 || c === 9) {
			if (a === 1) {
				o.push(e.s.slice(s, e.p));
				a = 2;
			}
		} else if (a === 2 || c < 48 && c !== 45 || c > 57 && c < 65 || c > 90 && c < 97 && c !== 95 || c > 122) r.x("illegal character in key", e);
		else if (!a) {
			a = 1;
			s = e.p;
		}
	while (c = e.s.charCodeAt(++e.p));
	r.x("incomplete key-value: cannot find end of key", e, n);
}
function y(e) {
	let t = e.p++;
	let n = Object.create(null);
	let i = /* @__PURE__ */ new Set();
	let a;
	while (e.p < e.s.length) {
		_(e);
		if ((a = e.s.charCodeAt(e.p)) === 125) {
			e.p++;
			return n;
		}
		let t;
		let o = n;
		let s = false;
		let c = e.p;
		let u = v(e);
		for (let n = 0; n < u.length; n++) {
			if (n) o = s ? o[t] : o[t] = Object.create(null);
			t = u[n];
			if ((s = Object.hasOwn(o, t)) && (typeof o[t] !== "object" || i.has(o[t]))) r.x("trying to redefine an already defined value", e, c);
			let a = t === "__proto__";
			if (e.uk && (a || t === "constructor")) {
				o = e.uk !== 1 && r.x("document contains an unsafe property", e, c);
				break;
			}
			if (!s && a) Object.defineProperty(o, t, {
				enumerable: true,
				configurable: true,
				writable: true
			});
		}
		if (s) r.x("trying to redefine an already defined value", e, c);
		_(e, true, true);
		let d = l(e, 125);
		if (o && typeof (o[t] = d) === "object") i.add(d);
		_(e);
		if ((a = e.s.charCodeAt(e.p++)) === 125) return n;
		if (a !== 44) r.x("expected comma or end of structure", e, e.p - 1);
	}
	r.x("unfinished table", e, t);
}
function b(e) {
	let t = e.p++;
	let n = [];
	let i;
	while (e.p < e.s.length) {
		_(e);
		if ((i = e.s.charCodeAt(e.p)) === 93) {
			e.p++;
			return n;
		}
		n.push(l(e, 93));
		_(e);
		if ((i = e.s.charCodeAt(e.p++)) === 93) return n;
		if (i !== 44) r.x("expected comma or end of structure", e, e.p - 1);
	}
	r.x("unfinished array", e, t);
}
// node_modules/smol-toml/dist/parse.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
function x(e, t, n, r, i) {
	let a = n;
	let o = r;
	let s;
	let c = false;
	let l;
	for (let n = 0; n < t.length; n++) {
		if (n) {
			a = c ? a[s] : a[s] = Object.create(null);
			o = (l = o[s]).c;
			if (i === 0 && (l.t === 1 || l.t === 2)) return null;
			if (l.t === 2) {
				let e = a.length - 1;
				a = a[e];
				o = o[e].c;
			}
		}
		s = t[n];
		if ((c = Object.hasOwn(a, s)) && o[s]?.t === 0 && o[s]?.d) return null;
		if (!c) {
			let r = s === "__proto__";
			if (e.uk && (r || s === "constructor")) return false;
			if (r) {
				Object.defineProperty(a, s, {
					enumerable: true,
					configurable: true,
					writable: true
				});
				Object.defineProperty(o, s, {
					enumerable: true,
					configurable: true,
					writable: true
				});
			}
			o[s] = {
				t: n < t.length - 1 && i === 2 ? 3 : i,
				d: false,
				i: 0,
				c: Object.create(null)
			};
		}
	}
	l = o[s];
	if (l.t !== i && !(i === 1 && l.t === 3)) return null;
	if (i === 2) {
		if (!l.d) {
			l.d = true;
			a[s] = [];
		}
		a[s].push(a = Object.create(null));
		l.c[l.i++] = l = {
			t: 1,
			d: false,
			i: 0,
			c: Object.create(null)
		};
	}
	if (l.d) return null;
	l.d = true;
	if (i === 1) a = c ? a[s] : a[s] = Object.create(null);
	else if (i === 0 && c) return null;
	return [
		s,
		a,
		l.c
	];
}
function S(e, t, n) {
	if (t === null || e.uk === 2) r.x(t === null ? "trying to redefine an already defined table or value" : "document contains an unsafe property", e, n);
}
function C(e, t = {}) {
	let n = {
		s: e,
		p: 0,
		d: t.maxDepth ?? 1e3,
		bi: t.integersAsBigInt ?? false,
		ld: t.useLegacyDate ?? true,
		uk: t.unsafeKeyBehaviour === "throw" ? 2 : t.unsafeKeyBehaviour === "drop" ? 1 : 0
	};
	let i = Object.create(null);
	let a = Object.create(null);
	let o;
	let s = false;
	let c = i;
	let u = a;
	if (e.charCodeAt(0) === 65279) n.p++;
	_(n);
	while (n.p < e.length) {
		if (e.charCodeAt(n.p) === 91) {
			let t = e.charCodeAt(++n.p) === 91;
			o = n.p += +t;
			s = false;
			let l = v(n, 93);
			if (t) {
				if (e.charCodeAt(n.p) !== 93) r.x("expected end of table array declaration", n);
				n.p++;
			}
			let d = x(n, l, i, a, t ? 2 : 1);
			if (!d) {
				S(n, d, o);
				s = true;
			} else {
				u = d[2];
				c = d[1];
			}
		} else {
			o = n.p;
			let e = x(n, v(n), c, u, 0);
			if (!e && !s) S(n, e, o);
			_(n, true, true);
			let t = l(n, void 0);
			if (e && !s) e[1][e[0]] = t;
		}
		_(n, true);
		if (n.p < e.length && (o = e.charCodeAt(n.p)) !== 10 && (o !== 13 || e.charCodeAt(n.p + 1) !== 10)) r.x("each key-value declaration must be followed by an end-of-line", n);
		_(n);
	}
	return i;
}
// node_modules/smol-toml/dist/stringify.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
let w = !!"".isWellFormed;
// node_modules/smol-toml/dist/index.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
// src/core/own-config.ts
function T(t, n) {
	const r = E(t);
	const i = k(k(r, "permissions"), String(r.default_permissions));
	const a = k(r, "features");
	return {
		protects: !("sandbox_mode" in r) && k(i, "filesystem")[n] === "deny",
		appsAreOff: e.o.every((e) => a[e] === false),
		sendsLoginTo: D(r)
	};
}
function E(t) {
	try {
		return C(t);
	} catch (t) {
		const n = t instanceof Error && "line" in t ? ` (line ${Number(t.line)})` : "";
		throw new e.wt("config-refused", `The config.toml in the Codex home is not valid TOML${n}.`, "Correct it, or remove it: this action writes one of its own where there is none.");
	}
}
function D(e) {
	const t = Object.entries(k(e, "profiles")).map(([e, t]) => [`profiles.${e}.`, t]);
	const n = [["", e], ...t].flatMap(([e, t]) => Object.entries(A(t)).flatMap(([t, n]) => /_url$/.test(t) && t !== "mcp_oauth_callback_url" ? [[`${e}${t}`, n]] : []));
	const r = Object.entries(k(e, "model_providers")).flatMap(([e, t]) => {
		const { requires_openai_auth: n, base_url: r } = A(t);
		return n === true && r !== void 0 ? [[`model_providers.${e}.base_url`, r]] : [];
	});
	return [...n, ...r].filter(([, e]) => !O(e)).map(([e]) => e);
}
function O(t) {
	if (typeof t !== "string") return false;
	if (e.Ct(t)) return true;
	const n = /^(?:https|wss):\/\/([a-z0-9.-]+)(?:\/|$)/i.exec(t)?.[1]?.toLowerCase();
	return n === "chatgpt.com" || n === "openai.com" || n?.endsWith(".openai.com") === true;
}
function k(e, t) {
	return Object.hasOwn(e, t) ? A(e[t]) : {};
}
function A(e) {
	return typeof e === "object" && e !== null ? e : {};
}
exports.readOwnConfig = T;
