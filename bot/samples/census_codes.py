"""What the survey's codes mean, in plain words.

Source: Data Dictionary of the American Community Survey, Public Use Microdata Sample, 2015 to
2018, U.S. Census Bureau; shortened. Code 0 stands for the dictionary's blank, "not applicable".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class CodedColumn:
    """One coded column of the survey: its name there, its name here and its words by code."""

    survey_name: str
    name: str
    words: Mapping[str, str]


def _coded(survey_name: str, name: str, first: int, *words: str) -> CodedColumn:
    by_code = {str(code): word for code, word in enumerate(words, start=first)}
    return CodedColumn(survey_name, name, MappingProxyType(by_code))


_YES_NO = ("yes", "no")

CODED_COLUMNS = (
    _coded(
        "SCHL",
        "education",
        0,
        "under 3 years old",
        "no schooling completed",
        "nursery school",
        "kindergarten",
        *(f"grade {grade}" for grade in range(1, 12)),
        "grade 12, no diploma",
        "high school diploma",
        "high school equivalent",
        "some college, under 1 year",
        "some college, no degree",
        "associate's degree",
        "bachelor's degree",
        "master's degree",
        "professional degree",
        "doctorate",
    ),
    _coded(
        "MAR",
        "marital_status",
        1,
        "married",
        "widowed",
        "divorced",
        "separated",
        "never married",
    ),
    _coded(
        "RELP",
        "household_role",
        0,
        "reference person",
        "husband or wife",
        "biological child",
        "adopted child",
        "stepchild",
        "brother or sister",
        "father or mother",
        "grandchild",
        "parent-in-law",
        "son- or daughter-in-law",
        "other relative",
        "roomer or boarder",
        "housemate",
        "unmarried partner",
        "foster child",
        "other nonrelative",
        "in an institution",
        "in other group quarters",
    ),
    _coded("DIS", "disability", 1, *_YES_NO),
    _coded(
        "ESP",
        "parents_work",
        0,
        "not a child at home",
        "two parents, both working",
        "two parents, father working",
        "two parents, mother working",
        "two parents, neither working",
        "father alone, working",
        "father alone, not working",
        "mother alone, working",
        "mother alone, not working",
    ),
    _coded(
        "CIT",
        "citizenship",
        1,
        "born in the US",
        "born in a US territory",
        "born abroad, American parents",
        "naturalised",
        "not a citizen",
    ),
    _coded(
        "MIG",
        "moved",
        0,
        "under 1 year old",
        "same house a year ago",
        "abroad a year ago",
        "another US house a year ago",
    ),
    _coded(
        "MIL",
        "military_service",
        0,
        "under 17 years old",
        "on active duty",
        "formerly on active duty",
        "training only",
        "never served",
    ),
    _coded("ANC", "ancestry", 1, "single", "multiple", "unclassified", "not reported"),
    _coded("NATIVITY", "nativity", 1, "native", "foreign born"),
    _coded("DEAR", "hearing_difficulty", 1, *_YES_NO),
    _coded("DEYE", "vision_difficulty", 1, *_YES_NO),
    _coded("DREM", "cognitive_difficulty", 0, "under 5 years old", *_YES_NO),
    _coded("SEX", "sex", 1, "male", "female"),
    _coded(
        "RAC1P",
        "race",
        1,
        "White",
        "Black or African American",
        "American Indian",
        "Alaska Native",
        "American Indian or Alaska Native, not specified",
        "Asian",
        "Native Hawaiian or Pacific Islander",
        "some other race",
        "two or more races",
    ),
)
