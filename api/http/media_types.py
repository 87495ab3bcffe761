"""The media types that are sent and read here, each written once."""

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"  # RFC 7396
NDJSON = "application/x-ndjson"
OCTETS = "application/octet-stream"  # RFC 2046; the only type of bytes that some generated clients can send
CSV = "text/csv; charset=utf-8"  # RFC 4180
JSON_LD = 'application/ld+json;profile="http://www.w3.org/ns/anno.jsonld"'
CSL_JSON = "application/vnd.citationstyles.csl+json"
BIBTEX = "application/x-bibtex; charset=utf-8"
RIS = "application/x-research-info-systems; charset=utf-8"
PLAIN_CITATION = "text/x-bibliography; charset=utf-8"  # these four as DOIs negotiate them (citation.doi.org)
ATOM = "application/atom+xml; charset=utf-8"  # RFC 4287
JSON_FEED = "application/feed+json"
LINKED_DATA = "application/ld+json"
ZIP = "application/zip"
YAML = "application/yaml"  # RFC 9512
PROBLEM = "application/problem+json"  # RFC 9457
PLAIN_TEXT = "text/plain"  # an article as it is sent
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
