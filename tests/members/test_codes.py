from members import codes


def test_ethnicity_codes_follow_gb_t_3304():
    picked = {
        name: codes.ETHNICITY_CODES[name]
        for name in ("汉族", "朝鲜族", "土家族", "高山族", "俄罗斯族", "基诺族")
    }

    assert picked == {
        "汉族": "01",
        "朝鲜族": "10",
        "土家族": "15",
        "高山族": "23",
        "俄罗斯族": "44",
        "基诺族": "56",
    }


def test_minorities_are_the_55_groups_beside_the_han():
    assert len(codes.MINORITIES) == 55
    assert codes.MINORITIES.isdisjoint({"汉族", "其他", "外国血统中国籍人士"})


def test_political_status_codes_follow_gb_t_4762():
    assert codes.POLITICAL_STATUS_CODES["中共党员"] == "01"
    assert codes.POLITICAL_STATUS_CODES["民革党员"] == "04"
    assert codes.POLITICAL_STATUS_CODES["群众"] == "13"


def test_democratic_parties_are_eight_and_leave_out_cpc_and_non_partisans():
    parties = sorted(codes.DEMOCRATIC_PARTIES, key=codes.POLITICAL_STATUS_CODES.get)

    assert parties == [
        "民革党员",
        "民盟盟员",
        "民建会员",
        "民进会员",
        "农工党党员",
        "致公党党员",
        "九三学社社员",
        "台盟盟员",
    ]


def test_every_value_of_a_coded_list_has_its_own_code():
    tables = [
        (codes.Sex, codes.SEX_CODES),
        (codes.Ethnicity, codes.ETHNICITY_CODES),
        (codes.PoliticalStatus, codes.POLITICAL_STATUS_CODES),
        (codes.Education, codes.EDUCATION_CODES),
        (codes.Category, codes.CATEGORY_CODES),
    ]

    for choices, table in tables:
        assert set(table) == set(choices.values)
        assert len(set(table.values())) == len(table)
