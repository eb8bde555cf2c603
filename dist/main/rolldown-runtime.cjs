"use strict";
// \0rolldown/runtime.js
var e = Object.create;
var t = Object.defineProperty;
var n = Object.getOwnPropertyDescriptor;
var r = Object.getOwnPropertyNames;
var i = Object.getPrototypeOf;
var a = Object.prototype.hasOwnProperty;
var o = (e, t) => () => (t || (e((t = { exports: {} }).exports, t, t.exports), e = null), t.exports);
var s = (e, n) => {
	let r = Object.setPrototypeOf({}, null);
	for (var i in e) {
		t(r, i, {
			get: e[i],
			enumerable: true
		});
	}
	if (!(n & 1)) {
		t(r, Symbol.toStringTag, { value: "Module" });
	}
	return n & 2 ? r : Object.preventExtensions(r);
};
var c = (e, i, o, s) => {
	if (i && typeof i === "object" || typeof i === "function") {
		for (var c = r(i), l = 0, u = c.length, d; l < u; l++) {
			d = c[l];
			if (!a.call(e, d) && d !== o) {
				t(e, d, {
					get: ((e) => i[e]).bind(null, d),
					enumerable: !(s = n(i, d)) || s.enumerable
				});
			}
		}
	}
	return e;
};
var l = (n, r, o) => (o = n != null ? e(i(n)) : {}, c(r || !n || !n.__esModule || !a.call(n, "default") ? t(o, "default", {
	value: n,
	enumerable: true
}) : o, n));
Object.defineProperty(exports, "n", {
	enumerable: true,
	get: function() {
		return s;
	}
});
Object.defineProperty(exports, "r", {
	enumerable: true,
	get: function() {
		return l;
	}
});
Object.defineProperty(exports, "t", {
	enumerable: true,
	get: function() {
		return o;
	}
});
