; t
define internal i32 @t.body(ptr noalias captures(none) readonly align 4 %a0, ptr noalias captures(none) align 4 %a1, ptr %workspace, i32 %threads) #0 {
entry:
  br label %loop2
loop2:
  %i0.4 = phi i64 [ 0, %entry ], [ %v51, %end7 ]
  %v13 = mul nsw i64 %i0.4, 160
  %v14 = getelementptr float, ptr %a0, i64 %v13
  %v41 = mul nsw i64 %i0.4, 320
  %v42 = getelementptr float, ptr %a1, i64 %v41
  br label %loop6
loop6:
  %i1.8 = phi i64 [ 0, %loop2 ], [ %v49, %end11 ]
  %v15 = mul nsw i64 %i1.8, 480
  %v16 = getelementptr float, ptr %v14, i64 %v15
  %v43 = mul nsw i64 %i1.8, 160
  %v44 = getelementptr float, ptr %v42, i64 %v43
  br label %loop10
loop10:
  %i2.12 = phi i64 [ 0, %loop6 ], [ %v47, %loop10 ]
  %v17 = getelementptr float, ptr %v16, i64 %i2.12
  %v45 = mul nsw i64 %i2.12, 8
  %v46 = getelementptr float, ptr %v44, i64 %v45
  %v18 = getelementptr float, ptr %v17, i64 20
  %v19 = getelementptr float, ptr %v17, i64 40
  %v20 = getelementptr float, ptr %v17, i64 60
  %v21 = getelementptr float, ptr %v17, i64 80
  %v22 = getelementptr float, ptr %v17, i64 100
  %v23 = getelementptr float, ptr %v17, i64 120
  %v24 = getelementptr float, ptr %v17, i64 140
  %v25 = load float, ptr %v17, align 4
  %v26 = load float, ptr %v18, align 4
  %v27 = load float, ptr %v19, align 4
  %v28 = load float, ptr %v20, align 4
  %v29 = load float, ptr %v21, align 4
  %v30 = load float, ptr %v22, align 4
  %v31 = load float, ptr %v23, align 4
  %v32 = load float, ptr %v24, align 4
  %v33 = insertelement <8 x float> poison, float %v25, i64 0
  %v34 = insertelement <8 x float> %v33, float %v26, i64 1
  %v35 = insertelement <8 x float> %v34, float %v27, i64 2
  %v36 = insertelement <8 x float> %v35, float %v28, i64 3
  %v37 = insertelement <8 x float> %v36, float %v29, i64 4
  %v38 = insertelement <8 x float> %v37, float %v30, i64 5
  %v39 = insertelement <8 x float> %v38, float %v31, i64 6
  %v40 = insertelement <8 x float> %v39, float %v32, i64 7
  store <8 x float> %v40, ptr %v46, align 4
  %v47 = add nsw i64 %i2.12, 1
  %v48 = icmp slt i64 %v47, 20
  br i1 %v48, label %loop10, label %end11
end11:
  %v49 = add nsw i64 %i1.8, 1
  %v50 = icmp slt i64 %v49, 2
  br i1 %v50, label %loop6, label %end7
end7:
  %v51 = add nsw i64 %i0.4, 1
  %v52 = icmp slt i64 %v51, 3
  br i1 %v52, label %loop2, label %end3
end3:
  ret i32 0
}

define i32 @t(ptr %buffers, ptr %ints, ptr %workspace, i32 %threads) #0 {
entry:
  %v1 = getelementptr ptr, ptr %buffers, i64 0
  %v2 = load ptr, ptr %v1, align 8
  %v3 = getelementptr ptr, ptr %buffers, i64 1
  %v4 = load ptr, ptr %v3, align 8
  %v5 = call i32 @t.body(ptr %v2, ptr %v4, ptr %workspace, i32 %threads)
  ret i32 %v5
}



attributes #0 = { nounwind mustprogress "prefer-vector-width"="256" "min-legal-vector-width"="256" }

