"""What Trino and Athena have, and this has not: a gap of ours, never the query's mistake.

The names are those of SHOW FUNCTIONS in Trino 435, and Athena's geospatial and learning functions:
https://docs.aws.amazon.com/athena/latest/ug/functions.html
"""

from __future__ import annotations

_FUNCTIONS = """
approx_most_frequent approx_set bar bing_tile bing_tile_at bing_tile_children bing_tile_coordinates
bing_tile_parent bing_tile_polygon bing_tile_quadkey bing_tile_zoom_level bing_tiles_around checksum
classify color convex_hull_agg current_groups empty_approx_set features from_encoded_polyline
from_geojson_geometry from_iso8601_timestamp_nanos from_unixtime_nanos geometry_from_hadoop_shape
geometry_invalid_reason geometry_nearest_points geometry_to_bing_tiles geometry_union
geometry_union_agg great_circle_distance hash_counts intersection_cardinality jaccard_index
learn_classifier learn_libsvm_classifier learn_libsvm_regressor learn_regressor
line_interpolate_point line_locate_point make_set_digest merge merge_set_digest numeric_histogram
qdigest_agg quantile_at_value reduce_agg regress render rgb simplify_geometry spooky_hash_v2_32
spooky_hash_v2_64 st_area st_asbinary st_astext st_boundary st_buffer st_centroid st_contains
st_convexhull st_coorddim st_crosses st_difference st_dimension st_disjoint st_distance st_endpoint
st_envelope st_envelopeaspts st_equals st_exteriorring st_geometries st_geometryfromtext
st_geometryn st_geometrytype st_geomfrombinary st_interiorringn st_interiorrings st_intersection
st_intersects st_isclosed st_isempty st_isring st_issimple st_isvalid st_length st_line
st_linefromtext st_linestring st_multipoint st_numgeometries st_numinteriorring st_numpoints
st_overlaps st_point st_pointn st_points st_polygon st_relate st_startpoint st_symdifference
st_touches st_union st_within st_x st_xmax st_xmin st_y st_ymax st_ymin tdigest_agg
to_encoded_polyline to_geojson_geometry to_geometry to_spherical_geography value_at_quantile
values_at_quantiles version word_stem
"""
FUNCTIONS = frozenset(_FUNCTIONS.split())
# They are here, but not for all the types that Trino has them for.
_OVERLOADS = """
approx_distinct approx_percentile array_position array_sort avg checksum concat contains date_add
date_diff date_format date_parse date_trunc day day_of_month format_datetime from_unixtime
histogram hour json_array_contains json_extract json_extract_scalar json_size listagg lpad max
max_by millisecond min min_by minute month parse_datetime quarter regexp_extract regexp_replace
reverse round rpad second sequence split_to_map substr substring sum timezone_hour timezone_minute
to_iso8601 truncate week year
"""
OVERLOADS = frozenset(_OVERLOADS.split())
# What of the language is refused by name, besides functions; docs/parity.md lists it.
FORMS = (
    "`TIME WITH TIME ZONE`, and timestamps with more than 6 digits of a second",
    "one column of several time zones, zones that are no literals, and zones in `parse_datetime`",
    "dates before year 1 and after year 9999",
    "`MATCH_RECOGNIZE`, `JSON_TABLE`, `NATURAL JOIN` and `GROUP BY DISTINCT`",
    "`PASSING` and `like_regex` in JSON paths, `RETURNING` of `json_query` and `json_object`",
    "`LISTAGG` with `ON OVERFLOW`, `FILTER` or `OVER`",
    "`array_position`, `array_remove`, `arrays_overlap`, `greatest` and `least` of arrays and rows",
)
