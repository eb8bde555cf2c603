"use strict";

// src/core/github/secret-location.ts
function describePlace(place) {
	const scope = place.environment === null ? "repository" : `environment ${place.environment} of`;
	return `secret ${place.secretName} of ${scope} ${place.owner}/${place.repository}`;
}
function secretsPath(place) {
	const repository = `/repos/${place.owner}/${place.repository}`;
	return place.environment === null ? `${repository}/actions/secrets` : `${repository}/environments/${encode(place.environment)}/secrets`;
}
function variablesPath(place) {
	return secretsPath(place).replace(/secrets$/, "variables");
}
function encode(name) {
	return encodeURIComponent(name).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
function permissionOf(place) {
	return place.environment === null ? "secrets" : "environments";
}

Object.defineProperty(exports, "describePlace", {
  enumerable: true,
  get: function () {
    return describePlace;
  }
});
Object.defineProperty(exports, "permissionOf", {
  enumerable: true,
  get: function () {
    return permissionOf;
  }
});
Object.defineProperty(exports, "secretsPath", {
  enumerable: true,
  get: function () {
    return secretsPath;
  }
});
Object.defineProperty(exports, "variablesPath", {
  enumerable: true,
  get: function () {
    return variablesPath;
  }
});